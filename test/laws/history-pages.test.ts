// docs/reference/audit.md, "History", and docs/reference/query.md, "Pages": whatever happened to an item, and wherever
// pages end, all pages of its history together are its history.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Permission } from '../../lib/access/permission.ts';
import { auditRows } from '../../lib/audit/row.ts';
import type { AuditRecord } from '../../lib/audit/visible.ts';
import { ApiError } from '../../lib/base/errors.ts';
import type { Item } from '../../lib/base/value.ts';
import { api } from '../../lib/definition/api.ts';
import { history as endpointOf } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyOf } from '../../lib/dynamo/audit-input.ts';
import { history } from '../../lib/operations/audit/history.ts';
import type { Ports } from '../../lib/operations/request/ports.ts';
import type { ApiRequest } from '../../lib/operations/request/request-context.ts';
import { compareKeys, isLeft, placeAt } from '../../lib/plan/audit-place.ts';
import { CONTEXT, KEY, keyRecord, NOW, principalOf } from '../support/access.ts';
import { UNBOUNDED } from '../support/budget.ts';
import { proved, runs } from '../support/proof.ts';
import { item } from '../support/values.ts';

const notes = table('notes', { partitionKey: { id: 'string' } });
const endpoint = endpointOf('/history/{id}', notes);
const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** What happened, oldest first: what the item became (undefined: it was deleted), and how long after what was before. */
type Step = {
  readonly n: number | undefined;
  readonly pause: number;
  readonly skew: number;
  readonly id: number;
  readonly by: string;
  /** Another writer has changed the item in between. */
  readonly isBroken: boolean;
};

const steps = fc.array(
  fc.record({
    n: fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(undefined) }),
    pause: fc.constantFrom(0, 0, 1, 300, 999, 1_000, 1_001, 5_000),
    skew: fc.constantFrom(0, 0, 0, -700, -2, 2, 700),
    id: fc.nat(0xffff),
    by: fc.constantFrom('key-1', 'other'),
    isBroken: fc.nat(9).map((n) => n === 0),
  }),
  { maxLength: 25, size: 'max' },
);

/** The audit rows of what happened, newest first. */
function recordsOf(happened: readonly Step[]): readonly AuditRecord[] {
  let at = Date.UTC(2025, 5, 1);
  let is: Item | undefined;
  const records = happened.map(({ n, pause, skew, id, by, isBroken }, number) => {
    at += pause;
    const before = isBroken ? item({ id: 'a', n: 77 }) : is;
    const after = n === undefined ? undefined : item({ id: 'a', n, ...(number % 5 === 4 && { text: `${number}` }) });
    is = after;
    const time = new Date(at + skew).toISOString().replace('Z', '000Z');
    const event = {
      ...{ time, id: `${String(id).padStart(5, '0')}-${String(number).padStart(3, '0')}`, requestId: 'r' },
      ...{ action: after ? 'UPDATE' : 'DELETE', outcome: 'ok' as const, method: 'PUT', route: '/note/{id}' },
      ...{ user: { id: by, type: 'API_KEY', username: by }, pathParameters: new Map<string, string>(), query: [] },
      ...{ sensitive: [], resource: { table: notes, key: item({ id: 'a' }) } },
    };
    return auditRows({ ...event, ...(before && { before }), ...(after && { after }) }, digest);
  });
  return records.sort((one, other) => compareKeys(keyOf(one[0] as Item), keyOf(other[0] as Item)));
}

type Plain = Readonly<Record<string, unknown>>;
type Query = readonly (readonly [string, string])[];
type Page = { readonly rows: readonly string[]; readonly next: string | undefined };

/** The audit in memory. The budget is spent when so many rows were visited. */
function reader(records: readonly AuditRecord[], most: number): Ports['readAudit'] {
  return (plan, _, visit) => {
    let visited = 0;
    const { from = '', to = '~' } = plan.window;
    for (const record of records) {
      const key = keyOf(record[0] as Item);
      if (!isLeft(plan, key) || key.time < from || key.time > to) continue;
      if (!visit(record)) return Promise.resolve({ ended: 'full', next: placeAt(plan, key, true) });
      visited += 1;
      if (visited === most) return Promise.resolve({ ended: 'spent', next: placeAt(plan, key) });
    }
    return Promise.resolve({ ended: 'done', from: undefined });
  };
}

async function read(records: readonly AuditRecord[], permissions: Plain, query: Query, most: number): Promise<Page> {
  const ports = {
    digest,
    readAudit: reader(records, most),
    encrypt: (text: string, context: string) => Promise.resolve(JSON.stringify([text, context])),
    decrypt: (token: string, context: string) => {
      const [text, of] = JSON.parse(token) as [string, string];
      return Promise.resolve(of === context ? text : undefined);
    },
  } as unknown as Ports;
  const call: Partial<ApiRequest> = { basePath: '', pathParameters: new Map([['id', 'a']]), query, body: undefined };
  const principal = principalOf(KEY, { auth: [keyRecord(permissions)] }, { ...CONTEXT, tables: ['notes'] });
  const { answer } = await history({
    api: api({ tables: [notes], endpoints: [endpoint] }),
    ...{ endpoint, ports, startedAt: NOW * 1e6, budget: UNBOUNDED, telemetry: { identify: () => {} } },
    permission: Permission.decide(principal, 'GET', '/history/a'),
    call: call as ApiRequest,
  });
  if (answer.kind !== 'rows') throw new Error(`an answer of kind ${answer.kind}`);
  return { rows: answer.rows, next: answer.next };
}

async function allPages(records: readonly AuditRecord[], permissions: Plain, query: Query, most: number) {
  const pages: (readonly string[])[] = [];
  let next: Query | undefined = query;
  while (next) {
    if (pages.length > 200) throw new Error('the pages do not end');
    const page: Page = await read(records, permissions, next, most);
    pages.push(page.rows);
    next = page.next === undefined ? undefined : [...new URL(page.next, 'https://example.com').searchParams];
  }
  return pages;
}

const callers = {
  unrestricted: {},
  'with a row filter': { read_filters: [{ field: 'n', operator: 'ne', value: 1 }] },
  'with an audit filter': { audit_filters: [{ field: 'user.id', value: { $var: 'user.id' } }] },
  'with a hidden field': { exclude_fields: ['text'] },
} as const;

const windows: readonly Query[] = [[], [['time__between', '["2025-06-01T00:00:00.5","2025-06-01T00:00:09"]']]];

/** The whole history in one answer; of one that has no version to show nothing. */
async function whole(records: readonly AuditRecord[], permissions: Plain, query: Query): Promise<readonly string[]> {
  try {
    const { rows, next } = await read(records, permissions, query, Number.POSITIVE_INFINITY);
    expect(next).toBeUndefined();
    return rows;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not_found') return [];
    throw error;
  }
}

describe('all pages of a history together', () => {
  it('are the history, for any limit and caller', async () => {
    let reordered = 0;
    const law = fc.asyncProperty(
      ...[steps, fc.integer({ min: 1, max: 6 }), fc.constantFrom(...Object.keys(callers)), fc.constantFrom(...windows)],
      async (happened, limit, caller, window) => {
        const permissions = callers[caller as keyof typeof callers];
        const records = recordsOf(happened);
        const expected = await whole(records, permissions, window);
        if (expected.length === 0) return;
        const query: Query = [...window, ['_limit', String(limit)]];
        const pages = await allPages(records, permissions, query, Number.POSITIVE_INFINITY);
        expect(pages.flat()).toEqual(expected);
        // A link leads to a version: pages are full but for the last, which is not empty.
        expect(pages.slice(0, -1).every((rows) => rows.length === limit)).toBe(true);
        expect(pages.at(-1)).not.toEqual([]);
        const times = expected.map((row) => JSON.parse(row).time as string);
        if (times.some((time, at) => at > 0 && time > (times[at - 1] as string)) && pages.length > 1) reordered += 1;
      },
    );
    await fc.assert(law, { numRuns: runs(600) });
    // Some histories were not in the order of their times.
    expect(reordered).toBeGreaterThan(10);
    proved('paged histories', { cases: runs(600) });
  });

  it('are the history wherever the time was up; or the time is too short for what must be put in order at once', async () => {
    let cuts = 0;
    const law = fc.asyncProperty(
      ...[steps, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 12 })],
      fc.constantFrom(...Object.keys(callers)),
      async (happened, limit, most, caller) => {
        const permissions = callers[caller as keyof typeof callers];
        const records = recordsOf(happened);
        const expected = await whole(records, permissions, []);
        try {
          const pages = await allPages(records, permissions, [['_limit', String(limit)]], most);
          expect(pages.flat()).toEqual(expected);
          if (pages.length > 2) cuts += 1;
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          expect([expected.length === 0 ? 'not_found' : 'too_costly', 'too_costly']).toContain(error.code);
        }
      },
    );
    await fc.assert(law, { numRuns: runs(400) });
    expect(cuts).toBeGreaterThan(20);
  });
});
