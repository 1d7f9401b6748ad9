// "What the schema gives out is what is stored; field permissions are checked on what the request said."

import { describe, expect, it } from 'vitest';
import { Permission } from '../../../lib/access/permission.ts';
import { ApiError } from '../../../lib/base/errors.ts';
import { api } from '../../../lib/definition/api.ts';
import { create as endpointOf } from '../../../lib/definition/endpoint.ts';
import { table } from '../../../lib/definition/table.ts';
import type { Ports } from '../../../lib/operations/request/ports.ts';
import type { Call } from '../../../lib/operations/request/session.ts';
import { create } from '../../../lib/operations/write/create.ts';
import type { WritePlan } from '../../../lib/plan/write-plan.ts';
import { KEY, keyRecord, NOW, principalOf } from '../../support/access.ts';
import { UNBOUNDED } from '../../support/budget.ts';
import { item } from '../../support/values.ts';

const schema = {
  '~standard': { validate: (value: unknown) => ({ value: { ...(value as object), until: NOW + 60, cost: 5 } }) },
};
const items = table('items', {
  partitionKey: { id: 'string' },
  attributes: { cost: { type: 'number', hidden: true } },
  ttl: 'until',
  schema: { create: schema },
});

async function created(body: object, permissions = {}): Promise<WritePlan | string> {
  const plans: WritePlan[] = [];
  const endpoint = endpointOf('/item', items);
  const ports = {
    now: () => NOW * 1e6,
    newId: () => '0190c1d2-0000-7000-8000-00000000000a',
    digest: (text: string) => text,
    seal: (text: string) => Promise.resolve(text),
    write: (plan: WritePlan) => Promise.resolve(plans.push(plan) && 'written'),
  } as unknown as Ports;
  const known: Partial<Call> = {
    requestId: 'r',
    identity: KEY,
    method: 'POST',
    path: '/item',
    pathParameters: new Map(),
    query: [],
    contentType: 'application/json',
    body: JSON.stringify(body),
    idempotencyKey: [],
    ifMatch: [],
    ifNoneMatch: [],
  };
  const principal = principalOf(KEY, { auth: [keyRecord(permissions)] });
  const session = {
    api: api({ tables: [items], endpoints: [endpoint] }),
    endpoint,
    ports,
    startedAt: NOW * 1e6,
    budget: UNBOUNDED,
    permission: Permission.decide(principal, 'POST', '/item'),
    call: known as Call,
  };
  try {
    await create(session);
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
  return plans[0] ?? 'nothing';
}

describe('a create', () => {
  it('stores what the schema gives out, also what the caller itself could not write', async () => {
    expect(await created({ id: 'a' })).toMatchObject({ after: item({ id: 'a', until: NOW + 60, cost: 5 }) });
  });

  it.each([{ until: NOW + 5 }, { cost: 1 }])('is refused what the caller says and may not write: %o', async (more) => {
    expect(await created({ id: 'a', ...more })).toBe('field_not_permitted');
  });

  it('is of rows(create) as they are stored', async () => {
    const permissions = (cost: number) => ({ create_filters: [{ field: 'cost', value: cost }] });
    expect(await created({ id: 'a' }, permissions(5))).toMatchObject({ kind: 'create' });
    expect(await created({ id: 'a' }, permissions(6))).toBe('row_not_permitted');
  });
});
