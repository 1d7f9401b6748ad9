// The row of a request in its transaction: last, and put only where there is none, or one that has expired.

import { describe, expect, it } from 'vitest';
import { table } from '../../../lib/definition/table.ts';
import { compileWrite } from '../../../lib/dynamo/transaction.ts';
import { planCreate } from '../../../lib/plan/write-plan.ts';
import { keyPolicy, NOW } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const plan = planCreate(keyPolicy({}, { table: items }), item({ id: 'a' }), NOW * 1000);
const audit = [item({ time: 't', id: 'i' }), item({ time: 't', id: 'i#1' })];
const row = item({ id: 'r', expire_time: NOW + 86_400 });

describe('the row of a request', () => {
  it('is the last action, under its condition', () => {
    const tables = { data: 'd', audit: 'a', requests: 'r' };
    const actions = compileWrite(plan, audit, tables, { row, now: NOW });
    expect(actions.map((each) => each.Put?.TableName)).toEqual(['d', 'a', 'a', 'r']);
    expect(actions.at(-1)?.Put).toEqual({
      TableName: 'r',
      Item: row,
      ConditionExpression: 'attribute_not_exists(#a) OR #b <= :a',
      ExpressionAttributeNames: { '#a': 'id', '#b': 'expire_time' },
      ExpressionAttributeValues: { ':a': { N: String(NOW) } },
    });
  });

  it('is the last action where there is no audit', () => {
    const actions = compileWrite(plan, audit, { data: 'd', audit: undefined, requests: 'r' }, { row, now: NOW });
    expect(actions.map((each) => each.Put?.TableName)).toEqual(['d', 'r']);
  });

  it('is left out where the request has no key, and never silently', () => {
    expect(compileWrite(plan, audit, { data: 'd', audit: 'a', requests: 'r' })).toHaveLength(3);
    const write = () => compileWrite(plan, audit, { data: 'd', audit: 'a' }, { row, now: NOW });
    expect(write).toThrow(TypeError);
    expect(write).toThrow('there is no table of requests');
  });
});
