// docs/reference/definition.md, "audit.retention": reads and refusals expire after `reads` (default 30 days), changes after
// `writes` (default: never); and which rows a call leaves.

import { describe, expect, it } from 'vitest';
import type { ApiError } from '../../../../lib/base/errors.ts';
import type { Item } from '../../../../lib/base/value.ts';
import { type ApiOptions, api, days } from '../../../../lib/definition/api.ts';
import { type Endpoint, get, list, update } from '../../../../lib/definition/endpoint.ts';
import { auditOf, putAudit } from '../../../../lib/operations/request/audit-call.ts';
import type { Ports } from '../../../../lib/operations/request/ports.ts';
import type { ApiRequest, RequestContext } from '../../../../lib/operations/request/request-context.ts';
import { ITEMS, KEY, keyRecord, NOW, principalOf } from '../../../support/access.ts';
import { UNBOUNDED } from '../../../support/budget.ts';
import { item } from '../../../support/values.ts';

const known: Partial<ApiRequest> = {
  requestId: 'r',
  identity: KEY,
  method: 'GET',
  path: '/item/a',
  pathParameters: new Map([['id', 'a']]),
  query: [],
  contentType: undefined,
  body: undefined,
  sourceIp: '192.0.2.1',
  userAgent: 'test',
};
const call = known as ApiRequest;

function visit(
  audit: ApiOptions['audit'],
  endpoint: Endpoint = get('/item/{id}', ITEMS),
  ports: Partial<Ports> = {},
): RequestContext {
  const fakes = {
    newId: () => '0190c1d2-0000-7000-8000-00000000000a',
    digest: (text: string) => text,
    now: () => NOW * 1e6 + 42,
    log: () => {},
    ...ports,
  };
  return {
    api: api({ tables: [ITEMS], endpoints: [endpoint], ...(audit !== undefined && { audit }) }),
    endpoint,
    ports: fakes as Ports,
    telemetry: { identify: () => {} },
    call,
    startedAt: NOW * 1e6 + 42,
    budget: UNBOUNDED,
  };
}

const principal = principalOf(KEY, { auth: [keyRecord()] });
const expiry = (rows: readonly Item[]) => rows[0]?.['expire_time'];
const at = (seconds: number) => [NOW + seconds, NOW + seconds + 1].map((time) => ({ N: String(time) }));

describe('the row of a call', () => {
  const image = { after: item({ id: 'a' }) };

  it.each([
    ['a read', 'ok', {}, undefined, 30],
    ['a read of a shorter retention', 'ok', {}, { retention: { reads: days(2), writes: days(90) } }, 2],
    ['a denial', 'denied', {}, { retention: { writes: days(90) } }, 30],
    ['a miss', 'not_found', {}, { retention: { writes: days(90) } }, 30],
    ['a write with a retention', 'ok', image, { retention: { reads: days(1), writes: days(90) } }, 90],
  ] as const)('of %s expires', (_, outcome, images, audit, kept) => {
    expect(at(kept * 86_400)).toContainEqual(expiry(auditOf(visit(audit), principal, { outcome, ...images })));
  });

  it.each([
    ['an update', { before: item({ id: 'a' }), after: item({ id: 'a' }) }],
    ['a create', { after: item({ id: 'a' }) }],
    ['a delete', { before: item({ id: 'a' }) }],
  ])('of %s never expires by default', (_, images) => {
    expect(expiry(auditOf(visit(undefined), principal, { outcome: 'ok', ...images }))).toBeUndefined();
  });

  it('has a time in microseconds, and what it is about', () => {
    const [row] = auditOf(visit(undefined), principal, { outcome: 'ok' });
    expect(row).toMatchObject({
      time: { S: '2026-01-01T00:00:00.000042Z' },
      action: { S: 'GET' },
      resource: { M: { table: { S: 'items' } } },
    });
  });

  it('of a caller without a valid record has what the gateway proved, and no more', () => {
    const [row] = auditOf(visit(undefined), undefined, { outcome: 'denied' });
    const user = row?.['user'];
    expect(user && 'M' in user && user.M).toMatchObject({ id: { S: 'key-1' }, type: { S: 'API_KEY' } });
    expect(user && 'M' in user && Object.keys(user.M)).not.toContain('username');
  });

  it('is about no item where the path names none', () => {
    const of = { ...visit(undefined, list('/items', ITEMS)), call: { ...call, pathParameters: new Map() } };
    expect(auditOf(of, principal, { outcome: 'ok' })[0]?.['resource']).toBeUndefined();
  });

  it('is none where the API keeps no audit', () => {
    expect(auditOf(visit(false, update('/item/{id}', ITEMS)), principal, { outcome: 'ok' })).toEqual([]);
  });
});

describe('a row that cannot be written', () => {
  const broken = { putAudit: () => Promise.reject(new Error('out of reach')) };

  it.each([
    ['required', 'read', 'unavailable'],
    ['required', 'refusal', 'unavailable'],
    ['best-effort', 'read', undefined],
    ['off', 'read', undefined],
  ] as const)('where reads are %s, of a %s', async (reads, of, code) => {
    const outcome = await putAudit(visit({ reads }, undefined, broken), of, [item({})]).catch(
      (error: ApiError) => error.code,
    );
    expect(outcome).toBe(code);
  });

  it('is not put at all where reads are off; a refusal is', async () => {
    const put: string[] = [];
    const counting = { putAudit: (rows: readonly Item[]) => Promise.resolve(void put.push(String(rows.length))) };
    await putAudit(visit({ reads: 'off' }, undefined, counting), 'read', [item({})]);
    expect(put).toEqual([]);
    await putAudit(visit({ reads: 'off' }, undefined, counting), 'refusal', [item({})]);
    expect(put).toEqual(['1']);
  });
});
