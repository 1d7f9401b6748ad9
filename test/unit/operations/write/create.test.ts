// "What the schema gives out is what is stored; field permissions are checked on what the request said."

import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../lib/base/errors.ts';
import { create as endpointOf } from '../../../../lib/definition/endpoint.ts';
import { table } from '../../../../lib/definition/table.ts';
import { create } from '../../../../lib/operations/write/create.ts';
import type { WritePlan } from '../../../../lib/plan/write-plan.ts';
import { NOW } from '../../../support/access.ts';
import { fakeRequest } from '../../../support/fake-request.ts';
import { item } from '../../../support/values.ts';

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
  const request = fakeRequest(endpointOf('/item', items), {
    permissions,
    call: { body: JSON.stringify(body) },
    ports: {
      write: (plan) => {
        plans.push(plan);
        return Promise.resolve('written');
      },
    },
  });
  try {
    await create(request);
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
