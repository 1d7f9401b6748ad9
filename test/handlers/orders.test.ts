// Many clients, few items: whatever races, every answer and what is stored equal some order of the requests, one after
// another; and a permission that was taken away is not served once that is acknowledged.

import { beforeAll, describe, expect, it } from 'vitest';
import api from '#api';
import { keyRecord, type Received, useApi } from '../support/api.ts';
import { expectOneStory, stateIn } from '../support/one-story.ts';
import { proved, runs } from '../support/proof.ts';
import { race } from '../support/racers.ts';
import { FIRST_SEED, seeded } from '../support/seeded.ts';

const { send, auth, groups, items, stored, auditRows } = useApi(api, undefined, { isWarm: true });

beforeAll(() => auth(keyRecord('admin')));

describe('clients that race for few items', () => {
  it.each(Array.from({ length: runs(3) }, (_, n) => FIRST_SEED + n))(
    'see one order: seed %i',
    async (number) => {
      const seed = seeded(number);
      const ids = ['one', 'two', 'three'].slice(0, 1 + seed.below(3));
      const [clients, requests] = [4 + seed.below(8), 16];
      const before = await stored('items');
      const starts = new Map(ids.map((id) => [id, stateIn(before, id)]));
      const seen = await race({ send, as: 'admin', clients, requests, ids, seed, name: String(number) });
      expectOneStory(seen, { items: await stored('items'), auditRows: await auditRows() }, starts);
      const statuses = new Set(seen.map(({ answer }) => answer.status));
      expect(statuses.size).toBeGreaterThan(2);
      proved('orders of racing requests', { races: 1, requests: seen.length, violations: 0 });
    },
    60_000,
  );
});

/** A record's or group's permissions, and whether they let the reader in, show the row, show its cost, take a change. */
type Permissions = {
  readonly record: object;
  readonly opens: boolean;
  readonly shows: boolean;
  readonly cost: boolean;
  readonly takes: boolean;
};
const OPEN = { record: {}, opens: true, shows: true, cost: true, takes: true };

const RECORDS: readonly Permissions[] = [
  OPEN,
  { ...OPEN, record: { disabled: true }, opens: false },
  { ...OPEN, record: { filter_fields: [{ field: 'status', value: 'sold' }] }, shows: false },
  { ...OPEN, record: { permitted_endpoints: [{ method: 'GET', endpoint: '/other' }] }, opens: false },
  { ...OPEN, record: { update_fields_permitted: [] }, takes: false },
  { ...OPEN, record: { expires_at: 1 }, opens: false },
];
const GROUPS: readonly Permissions[] = [
  OPEN,
  { ...OPEN, record: { exclude_fields: ['cost'] }, cost: false },
  { ...OPEN, record: { read_filters: [{ field: 'status', operator: 'ne', value: 'active' }] }, shows: false },
  { ...OPEN, record: { update_fields_restricted: ['n'] }, takes: false },
];

/** The permissions of one record over time: `since` it was asked to be so, `until` the next was acknowledged. */
type Period = { readonly permissions: Permissions; readonly since: number; until: number };

let moments = 0;
const moment = () => {
  moments += 1;
  return moments;
};

describe('a permission that changes while it is used', () => {
  const READERS = 6;

  async function change(periods: Period[], permissions: Permissions, put: (record: object) => Promise<unknown>) {
    const since = moment();
    await put(permissions.record);
    const acknowledged = moment();
    const last = periods.at(-1);
    if (last) last.until = acknowledged;
    periods.push({ permissions, since, until: Number.POSITIVE_INFINITY });
  }

  /** In the order of docs/reference/errors.md: the endpoint, the fields of the body, the row. */
  const outcome = (method: string, own: Permissions, group: Permissions): string => {
    if (!own.opens || (method === 'PUT' && !(own.takes && group.takes))) return '403';
    if (!own.shows || !group.shows) return '404';
    return own.cost && group.cost ? '200 with cost' : '200';
  };
  const told = ({ status, json }: Received) => (status === 200 && 'cost' in json ? '200 with cost' : String(status));

  it.each(Array.from({ length: runs(1) }, (_, n) => FIRST_SEED + n))(
    'is not served once its change is acknowledged: seed %i',
    async (number) => {
      const seed = seeded(number);
      const [as, id] = [`worker-${number}`, `guarded-${number}`];
      const own: Period[] = [];
      const group: Period[] = [];
      const putOwn = (record: object) => auth(keyRecord(as, { groups: [`crew-${number}`], ...record }));
      const putGroup = (record: object) => groups({ group_id: `crew-${number}`, ...record });
      await items('items', { id, status: 'active', cost: 5, n: 0, _v: 1 });
      await change(group, OPEN, putGroup);
      await change(own, OPEN, putOwn);
      let isOver = false;
      const seen: string[] = [];
      const reader = async (_: unknown, instance: number) => {
        for (let n = 0; !isOver; n += 1) {
          const method = seed.pick(['GET', 'GET', 'PUT']);
          const start = moment();
          const answer = await send(method, `/item/${id}`, {
            as,
            instance,
            ...(method === 'PUT' && { body: { n: instance * 10_000 + n } }),
          });
          const end = moment();
          const during = (periods: readonly Period[]) =>
            periods.filter(({ since, until }) => since < end && until > start);
          const possible = during(own).flatMap((mine) =>
            during(group).map((its) => outcome(method, mine.permissions, its.permissions)),
          );
          if (!possible.includes(told(answer)))
            expect.fail(`${method}: ${told(answer)} where only ${[...new Set(possible)]} could be`);
          seen.push(told(answer));
        }
      };
      const changer = async () => {
        for (let n = 0; n < 40; n += 1) {
          const isOwn = seed.below(3) > 0;
          await (isOwn ? change(own, seed.pick(RECORDS), putOwn) : change(group, seed.pick(GROUPS), putGroup));
          const count = seen.length + seed.below(READERS * 2);
          while (seen.length < count && !isOver) await send('GET', '/user', { as: 'admin' });
        }
      };
      const readers = Promise.all(Array.from({ length: READERS }, reader));
      await Promise.race([changer(), readers]).finally(() => {
        isOver = true;
      });
      await readers;
      expect(new Set(seen).size).toBeGreaterThan(2);
      proved('permissions that change', {
        changes: own.length + group.length,
        requests: seen.length,
        'served too late': 0,
      });
    },
    60_000,
  );
});
