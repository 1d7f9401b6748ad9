// Plans and their expressions as people read them, one file for each subject in test/golden. `npm run golden` writes them
// anew: a change of a plan is reviewed as a diff of text.

import { describe, expect, it } from 'vitest';
import type { Item } from '../../../lib/base/value.ts';
import { printCondition } from '../../../lib/condition/print.ts';
import { table } from '../../../lib/definition/table.ts';
import { compileBatch, compileGet, compilePage } from '../../../lib/dynamo/read-input.ts';
import { compileWrite } from '../../../lib/dynamo/transaction.ts';
import { changedPaths, changesOf } from '../../../lib/plan/changes.ts';
import { planRead, type ReadPlan } from '../../../lib/plan/read-plan.ts';
import { planCreate, planDelete, planUpdate, type WritePlan } from '../../../lib/plan/write-plan.ts';
import { type Parameter, parseQuery } from '../../../lib/query/query.ts';
import { keyPolicy, NOW } from '../../support/access.ts';
import { rejectedOf } from '../../support/plans.ts';
import { item } from '../../support/values.ts';

const required = { type: 'string', required: true } as const;
const orders = table('orders', {
  partitionKey: { customer: 'string' },
  sortKey: { number: 'number' },
  attributes: { status: required, created: required, team: 'string', price: 'number' },
  indexes: {
    by_status: { partitionKey: 'status', sortKey: 'created', distinct: 10 },
    by_team: { partitionKey: 'team', projection: 'keys', distinct: 100 },
  },
  ttl: 'expires',
  version: '_v',
  size: { items: 10_000, itemBytes: 500 },
});

type Permissions = Readonly<Record<string, unknown>>;

const TAKES = ['_where', '_limit', '_sort', '_fields'];
const filter = (field: string, operator: string, value: unknown) => ({ field, operator, value });

/** Query string; permissions of the caller, if it is restricted. */
const READS: Readonly<Record<string, readonly (readonly [string, Permissions?])[]>> = {
  'reads-by-key': [
    ['customer=ann&number=1'],
    ['customer=ann'],
    ['customer=ann&number__gte=3&number__lt=9'],
    ['customer=ann&number__between=[3,9]&price__gt=10'],
    ['customer__in=["ann","bob"]&number=1'],
    ['customer__in=["ann","bob"]'],
    ['customer=ann&number=1&number=2'],
    ['customer=ann&customer__eq=bob'],
  ],
  'reads-by-index': [
    ['status=open'],
    ['status=open&created__startswith=2026-1'],
    ['status=open&_sort=-created'],
    ['status__in=["open","held"]&_sort=created'],
    ['team=blue'],
    ['team=blue&_fields=number'],
    ['_where={"any":[{"field":"status","value":"open"},{"field":"customer","value":"ann"}]}'],
    ['price__between=[1,2]'],
    ['created__gt=2026&status__ne=open'],
  ],
  'reads-by-policy': [
    ['', { filter_fields: [filter('status', 'eq', 'open')] }],
    ['price__gte=1&price__lte=5', { filter_fields: [filter('status', 'in', ['open', 'held'])] }],
    ['', { filter_fields: [filter('team', 'ne', 'blue')] }],
    ['status=held', { filter_fields: [filter('status', 'eq', 'open')] }],
    ['team__contains=b', { read_filters: [{ not: filter('price', 'between', [10, 20]) }] }],
    ['', { read_filters: [filter('tags', 'haselements', ['a', 'b'])] }],
    ['', { read_filters: [filter('customer', 'eq', { $var: 'user.name' })] }],
  ],
};

function show(value: unknown): string {
  return JSON.stringify(value, (_, each) => (each instanceof Set ? [...each] : each), 2)
    .replaceAll(/"(\w+)":/g, '$1:')
    .replaceAll(/\{\n\s+([SN]|BOOL): ("[^"\n]*"|true|false)\n\s+\}/g, '{ $1: $2 }');
}

/** The inputs of a plan's calls, as many as tell how they go on. */
function inputsOf(plan: ReadPlan): readonly unknown[] {
  return plan.steps.slice(0, 2).map((step) => {
    if ('keys' in step && step.kind === 'get') return compileGet(plan, step.keys[0] as Item, 'orders');
    return 'keys' in step ? compileBatch(plan, step.keys, 'orders') : compilePage(plan, step, 'orders').input;
  });
}

function readText([text, permissions = {}]: readonly [string, Permissions?]): string {
  const parameters = [...new URLSearchParams(text)] as Parameter[];
  const { condition, page } = parseQuery(parameters, new Map(), orders, { takes: TAKES });
  const { sort: order, fields } = page;
  const plan = planRead(keyPolicy(permissions, { table: orders }), condition, { limit: 10, order, fields });
  return [
    `## ${text === '' ? '(no query)' : text}`,
    ...(Object.keys(permissions).length > 0 ? [`policy: ${JSON.stringify(permissions)}`] : []),
    `asked: ${printCondition(plan.condition)}`,
    `plan: ${plan.kind}, ${plan.steps.length} step(s), ${plan.cost} read units, order by ${plan.sortedBy ?? 'nothing'}`,
    ...rejectedOf(plan).map((reason) => `not ${reason}`),
    ...inputsOf(plan).map(show),
  ].join('\n');
}

const STORED = item({ customer: 'ann', number: 1, status: 'open', created: '2026', price: 5, _v: 7 });
const permissions: Permissions = { update_filters: [filter('status', 'ne', 'closed')] };

function writes(): readonly (readonly [string, WritePlan])[] {
  const policy = keyPolicy(permissions, { table: orders, method: 'PUT' });
  const change = (mode: 'put' | 'merge-patch', body: Item) =>
    planUpdate(policy, STORED, changesOf(STORED, body, mode), changedPaths(body, mode));
  return [
    ['create', planCreate(policy, item({ customer: 'ann', number: 2, status: 'open' }), NOW * 1e3)],
    ['put { price: 6 }', change('put', item({ price: 6 }))],
    ['patch { price: null, note: { by: "ann" } }', change('merge-patch', item({ price: null, note: { by: 'ann' } }))],
    ['patch { absent: null }', change('merge-patch', item({ absent: null }))],
    ['delete', planDelete(policy, STORED)],
  ];
}

function writeText([title, plan]: readonly [string, WritePlan]): string {
  return [`## ${title}`, ...compileWrite(plan, [], { data: 'orders', audit: 'audit' }).map(show)].join('\n');
}

describe('golden files', () => {
  it.each(Object.entries(READS))('%s', async (name, cases) => {
    await expect(`${cases.map(readText).join('\n\n')}\n`).toMatchFileSnapshot(`../../golden/${name}.txt`);
  });

  it('writes', async () => {
    await expect(`${writes().map(writeText).join('\n\n')}\n`).toMatchFileSnapshot('../../golden/writes.txt');
  });
});
