// "No stale permission is ever used": a warm instance, which guesses groups and keeps what it parsed, answers every
// request as a cold one does, whatever becomes of the records in between, and with no call more.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Identity, Principal } from '../../lib/access/principal.ts';
import { variablesOf } from '../../lib/access/variables.ts';
import { ApiError } from '../../lib/base/errors.ts';
import type { Path } from '../../lib/base/path.ts';
import { printCondition } from '../../lib/condition/print.ts';
import { api } from '../../lib/definition/api.ts';
import { list } from '../../lib/definition/endpoint.ts';
import { perform, type Service } from '../../lib/operations/request/perform.ts';
import { PrincipalLoader } from '../../lib/operations/request/principal-loader.ts';
import type { ApiRequest } from '../../lib/operations/request/request-context.ts';
import { codeOf, ITEMS, NOW, oidc, policyOf } from '../support/access.ts';
import { unmetered } from '../support/budget.ts';
import { cases, proved, times } from '../support/proof.ts';
import { RecordStore } from '../support/record-store.ts';

type Plain = Readonly<Record<string, unknown>>;
type Person = Extract<Identity, { kind: 'oidc' }>;
type Change = (store: RecordStore) => void;
type Asked = { readonly identity: Identity; readonly proxied: Person | undefined };

const endpoint = list('/items', ITEMS);
const definition = api({
  tables: [ITEMS],
  endpoints: [endpoint],
  auth: {
    oidc: { issuer: 'https://issuer.example.com', audience: 'items' },
    proxy: { username: 'x-oidc-user', groups: 'x-oidc-groups' },
  },
  audit: false,
});

const ACTIONS = ['read', 'create', 'update', 'delete'] as const;
const ROWS = [...ACTIONS, 'audit'] as const;
const PATHS: readonly Path[] = [['secret'], ['x'], ['x', 'y'], ['y']];

// Few ids, so that they meet: one id may be a key, a person, a group of a token and a group.
const ID = ['a', 'b', 'c'];
const id = fc.constantFrom(...ID);
const filter = fc.record({
  field: fc.constantFrom('x', 'y'),
  value: fc.constantFrom<unknown>('1', '2', { $var: 'user.id' }, { $var: 'user.groups' }),
});
const OPEN = [{ method: '*', endpoint: '/it.*' }];
const permissions: fc.Arbitrary<Plain> = fc.record(
  {
    permitted_endpoints: fc.constantFrom(OPEN, OPEN, [{ method: 'GET', endpoint: '/items' }], []),
    filter_fields: fc.array(filter, { maxLength: 2 }),
    exclude_fields: fc.subarray(['secret', 'x.y']),
    update_fields_permitted: fc.subarray(['x', 'y']),
  },
  { requiredKeys: ['permitted_endpoints'] },
);
const broken = fc.constantFrom<Plain>(
  { exclude_field: [] },
  { permitted_endpoints: [{ method: 'GET', endpoint: '(' }] },
);
const mostly = fc.oneof({ arbitrary: permissions, weight: 12 }, { arbitrary: broken, weight: 1 });

const authRecord = fc
  .record({
    id,
    type: fc.constantFrom('API_KEY', 'USERNAME', 'OIDC_GROUP'),
    groups: fc.uniqueArray(id, { maxLength: 3 }),
    disabled: fc.constantFrom(false, false, false, false, true),
    proxy: fc.constantFrom(false, false, true),
    rest: mostly,
  })
  .map(({ proxy, rest, type, ...record }): Plain => {
    const key = { name: 'n', username: 'u', email: 'n@example.com', ...(proxy && { oidc_proxy: true }) };
    return { ...record, type, ...rest, ...(type === 'API_KEY' && key) };
  });

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    arbitrary: authRecord.map(
      (record): Change =>
        (store) =>
          store.putAuth(record),
    ),
    weight: 5,
  },
  {
    arbitrary: fc.tuple(id, mostly).map(
      ([group_id, rest]): Change =>
        (store) =>
          store.putGroups({ group_id, ...rest }),
    ),
    weight: 5,
  },
  {
    arbitrary: id.map(
      (each): Change =>
        (store) =>
          void store.auth.delete(each),
    ),
    weight: 1,
  },
  {
    arbitrary: id.map(
      (each): Change =>
        (store) =>
          void store.groups.delete(each),
    ),
    weight: 1,
  },
);

const person = fc
  .tuple(id, fc.uniqueArray(id, { maxLength: 2 }))
  .map(([username, groups]) => oidc(groups, { username }) as Person);
const asked: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({
    identity: fc.constantFrom(...ID, 'proxy').map((each): Identity => ({ kind: 'api_key', id: each })),
    proxied: fc.option(person, { nil: undefined }),
  }),
  fc.record({ identity: person, proxied: fc.option(person, { nil: undefined, freq: 5 }) }),
);
const step = fc.record({ changes: fc.array(change, { maxLength: 1 }), asked });

/** In the beginning the groups are there, a record of each kind, and a proxy. */
function start(): RecordStore {
  const store = new RecordStore();
  const key = { type: 'API_KEY', name: 'n', username: 'u', email: 'n@example.com' };
  store.putGroups(...ID.map((group_id) => ({ group_id, permitted_endpoints: OPEN })));
  store.putAuth(
    { id: 'a', ...key, groups: ['a'] },
    { id: 'b', type: 'USERNAME', groups: ['b'] },
    { id: 'c', type: 'OIDC_GROUP', groups: ['c'] },
    { id: 'proxy', ...key, oidc_proxy: true },
  );
  return store;
}

/** Everything that a request's answer depends on, or the refusal with its reason for the log. */
async function outcome(loader: PrincipalLoader, store: RecordStore, { identity, proxied }: Asked): Promise<unknown> {
  let found: Principal | undefined;
  const ports = { ...store.ports, now: () => NOW * 1e6, meter: unmetered };
  const telemetry = { identify: () => {} };
  const service = { api: definition, endpoint, ports, telemetry, principals: loader } as unknown as Service;
  const call = { identity, proxied, method: 'GET', path: '/items' } as ApiRequest;
  try {
    await perform(service, call, ({ permission }) => {
      found = permission.principal;
      return Promise.resolve({ answer: { kind: 'no_content' }, audit: 'written' });
    });
  } catch (error) {
    if (error instanceof ApiError) return { code: error.code, reason: error.reason };
    throw error;
  }
  if (!found) throw new Error('the operation did not run');
  const policy = policyOf(found);
  const variables = variablesOf(found, NOW * 1000);
  const grants = [found.own, ...found.oidcGrants].map(
    (grant) =>
      grant && {
        endpoints: grant.endpoints.map(({ method, endpoint: path }) => `${method} ${path}`),
        fields: [grant.hidden.paths, grant.restricted.paths, grant.updatePermitted?.paths],
        rows: ROWS.map((of) => printCondition(grant.rows(of, ITEMS.name, variables).condition)),
      },
  );
  const rows = ACTIONS.map((action) => policy.rows(action).condition);
  const places = PATHS.map((path) => [policy.hidden.place(path), codeOf(() => policy.checkUpdated([path]))]);
  return { ...found, own: undefined, oidcGrants: grants, rows, places };
}

describe('a warm instance', () => {
  it('answers as a cold one does, and asks no more often', async () => {
    const counts = { permitted: 0, refused: 0, saved: 0 };
    const law = fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
      const store = start();
      const warm = new PrincipalLoader(definition);
      for (const each of steps) {
        for (const apply of each.changes) apply(store);
        const expected = await outcome(new PrincipalLoader(definition), store, each.asked);
        const cold = store.takeCalls().length;
        expect(await outcome(warm, store, each.asked)).toEqual(expected);
        const { length } = store.takeCalls();
        expect(length).toBeLessThanOrEqual(cold);
        counts.saved += cold - length;
        counts['code' in (expected as object) ? 'refused' : 'permitted'] += 1;
      }
    });
    await fc.assert(law, cases(1_000));
    proved('a warm instance answers as a cold one does', counts);
    expect(counts.permitted).toBeGreaterThan(times(1_000));
    expect(counts.refused).toBeGreaterThan(times(1_000));
    expect(counts.saved).toBeGreaterThan(times(200));
  });
});
