// The dearest request: what a caller with one GET permission may send, and rows that somebody else may have stored, made to
// cost as much work as they can. DynamoDB is a stand-in that gives one page of 1 MB at once, so that all work counted is ours.

import fc from 'fast-check';
import { itemBytes } from '../../lib/base/item-size.ts';
import { type Item, itemOf, type Value } from '../../lib/base/value.ts';
import { api } from '../../lib/definition/api.ts';
import { list, unique } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { serve } from '../../lib/http/serve.ts';
import { list as listItems } from '../../lib/operations/read/list.ts';
import { unique as uniqueValues } from '../../lib/operations/read/unique.ts';
import { createClient } from '../../lib/store/dynamodb/client.ts';
import { createPorts } from '../../lib/store/ports.ts';
import { world } from '../../lib/store/world.ts';
import { keyRecord } from './api.ts';
import { restEvent } from './rest-event.ts';
import { item } from './values.ts';

/** What API Gateway lets through of a request line and its headers, in bytes. */
const MOST_SENT = 10_240;
/** Of a page of DynamoDB. */
const PAGE_BYTES = 1024 * 1024;
const ITEM_BYTES = 400_000;

const S = { type: 'string', required: true } as const;
const things = table('things', {
  partitionKey: { id: 'string' },
  attributes: { s: S, t: S },
  indexes: { by_s: { partitionKey: 's', distinct: 1_000 }, by_t: { partitionKey: 't', distinct: 1_000 } },
  size: { items: 100_000, itemBytes: 1_000 },
});
const endpoints = [list('/things', things), unique('/values', things, 'a')];
const definition = api({ tables: [things], endpoints, audit: false });

const ROWS = ['tiny', 'number', 'text', 'bytes', 'list', 'texts', 'set', 'numbers', 'wide', 'deep'] as const;
const OPERATORS = [
  ...['eq', 'ne', 'in', 'notin', 'startswith', 'contains', 'notcontains', 'exists'],
  ...['gt', 'lt', 'gte', 'lte', 'between', 'type', 'haselements'],
] as const;

/** Rows of one kind: `size` bytes of values that repeat every `period` characters, or differ from the `depth`th on. */
type Rows = {
  readonly kind: (typeof ROWS)[number];
  readonly size: number;
  readonly period: number;
  readonly isIndexed: boolean;
};
/** So many conditions of one operator, each with a value of so many characters, or elements, that rows have or have not. */
type Group = {
  readonly operator: (typeof OPERATORS)[number];
  readonly path: string;
  readonly count: number;
  readonly length: number;
  readonly isThere: boolean;
  /** A text that rows have not differs from theirs at its first character, not at its last. */
  readonly isFirst: boolean;
};
export type Attempt = {
  readonly path: '/things' | '/values';
  readonly rows: Rows;
  readonly groups: readonly Group[];
  readonly form: 'parameters' | 'any' | 'all' | 'none' | 'product';
  /** Behind all others stands a condition that no row meets: all are asked, and no row fills the page. */
  readonly isRefused: boolean;
  readonly extra: '' | '_count=true' | '_sort=a' | '_fields=a.b,id';
};

const sizes = [8, 40, 200, 2_000, 30_000, ITEM_BYTES];
const group: fc.Arbitrary<Group> = fc.record({
  operator: fc.constantFrom(...OPERATORS),
  path: fc.constantFrom('a', 'a', 'a', 'b', 's', 't', 'a[0]', `a${'.a'.repeat(30)}`),
  count: fc.constantFrom(1, 10, 33, 100, 700),
  length: fc.constantFrom(1, 2, 6, 20, 38, 64, 100, 1_000, 9_000),
  isThere: fc.boolean(),
  isFirst: fc.boolean(),
});
const GENES = ['operator', 'path', 'count', 'length', 'isThere', 'isFirst'] as const;
const parts = {
  path: fc.constantFrom<Attempt['path'][]>('/things', '/things', '/things', '/values'),
  rows: fc.record({
    kind: fc.constantFrom(...ROWS),
    size: fc.constantFrom(...sizes),
    period: fc.constantFrom(1, 1, 2, 3, 17),
    isIndexed: fc.boolean(),
  }),
  groups: fc.array(group, { minLength: 1, maxLength: 3 }),
  form: fc.constantFrom<Attempt['form'][]>('parameters', 'any', 'all', 'none', 'product'),
  isRefused: fc.boolean(),
  extra: fc.constantFrom<Attempt['extra'][]>('', '', '_count=true', '_sort=a', '_fields=a.b,id'),
};

export const attempts: fc.Arbitrary<Attempt> = fc.record(parts);

const known = (
  kind: Rows['kind'],
  size: number,
  form: Attempt['form'],
  ...groups: readonly Partial<Group>[]
): Attempt => ({
  path: '/things',
  rows: { kind, size, period: 1, isIndexed: form === 'product' },
  groups: groups.map((own) => ({
    operator: 'notcontains',
    path: 'a',
    count: 100,
    length: 1,
    isThere: false,
    isFirst: true,
    ...own,
  })),
  form,
  isRefused: true,
  extra: '_count=true',
});

/** What was dear once, or is the most of its kind: the search begins with it. */
export const KNOWN: readonly Attempt[] = [
  known('text', ITEM_BYTES, 'parameters', { operator: 'contains', count: 1, length: 9_000 }),
  known('bytes', ITEM_BYTES, 'none', { length: 64 }),
  known('text', ITEM_BYTES, 'parameters', { count: 99, length: 64 }),
  known('list', ITEM_BYTES, 'parameters', { operator: 'haselements', count: 1, length: 1_000, isThere: true }),
  known('list', ITEM_BYTES, 'none', { operator: 'in', length: 2 }),
  known('set', ITEM_BYTES, 'parameters', { count: 99 }),
  known('tiny', 0, 'none', { operator: 'lt' }),
  known('tiny', 0, 'parameters', { operator: 'gt', count: 700, isThere: true }),
  known('tiny', 0, 'none', { operator: 'between' }),
  known('number', 0, 'none', { operator: 'lt', isThere: true }),
  known('number', 0, 'none', { operator: 'eq' }),
  known('number', 0, 'none', { operator: 'in', length: 2 }),
  known('tiny', 0, 'product', {}),
  known('deep', 0, 'none', { operator: 'between', path: `a${'.a'.repeat(30)}` }),
];

/** The same attempt with one part of it changed. */
export const changes: fc.Arbitrary<(attempt: Attempt) => Attempt> = fc.oneof(
  ...Object.entries(parts).map(([name, part]) =>
    (part as fc.Arbitrary<unknown>).map((value) => (attempt: Attempt) => ({ ...attempt, [name]: value }) as Attempt),
  ),
  fc.tuple(group, fc.nat(2)).map(([other, at]) => (attempt: Attempt) => ({
    ...attempt,
    groups: attempt.groups.map((own, i) => (i === at ? other : own)),
  })),
  fc.tuple(fc.constantFrom(...GENES), group, fc.nat(2)).map(([gene, other, at]) => (attempt: Attempt) => ({
    ...attempt,
    groups: attempt.groups.map((own, i) => (i === at ? { ...own, [gene]: other[gene] } : own)),
  })),
);

function repeated(period: number, length: number): string {
  const unit = `${'a'.repeat(period - 1)}${period > 1 ? 'b' : 'a'}`;
  return unit.repeat(Math.ceil(length / period)).slice(0, length);
}

function elements(bytes: number, each: number): number[] {
  return Array.from({ length: Math.max(1, Math.floor(bytes / each)) }, (_, at) => at);
}

const VALUES: Readonly<Record<Rows['kind'], (rows: Rows, seed: number) => Value>> = {
  tiny: (_, seed) => ({ N: String(seed % 10) }),
  number: (_, seed) => ({ N: `0.1234567890123456789012345678901234${1_000 + (seed % 8_999)}` }),
  text: ({ size, period }) => ({ S: repeated(period, size) }),
  bytes: ({ size, period }) => ({ B: Buffer.from(repeated(period, size)) }),
  list: ({ size }) => ({ L: elements(size, 4).map((at) => ({ N: String(100 + at) })) }),
  texts: ({ size }) => ({ L: elements(size, 5).map((at) => ({ S: String(100 + at) })) }),
  set: ({ size }) => ({ SS: elements(size, 6).map((at) => String(100_000 + at)) }),
  numbers: ({ size }) => ({ NS: elements(size, 4).map((at) => String(100_000 + at)) }),
  wide: ({ size }) => ({ M: itemOf(elements(size, 9).map((at) => [`a.${at}[b]`, { NULL: true }])) }),
  deep: () => Array.from({ length: 30 }).reduce<Value>((below) => ({ M: itemOf([['a', below]]) }), { N: '1' }),
};

const KEYS: readonly (readonly [string, Value])[] = [
  ['s', { S: '1' }],
  ['t', { S: '1' }],
];

/** Rows of 1 MB together; nothing of them differs but their ids, and numbers in their last digits. */
export function rowsOf(rows: Rows): readonly Item[] {
  const found: Item[] = [];
  const same = rows.kind === 'tiny' || rows.kind === 'number' ? undefined : VALUES[rows.kind](rows, 0);
  for (let bytes = 0; bytes < PAGE_BYTES; bytes += itemBytes(found.at(-1) as Item)) {
    // A value of its own for each row, as DynamoDB gives them.
    const value = same ? { ...same } : VALUES[rows.kind](rows, found.length);
    found.push(itemOf([['id', { S: found.length.toString(36) }], ['a', value], ...(rows.isIndexed ? KEYS : [])]));
  }
  return found;
}

/** A number or a text like those of the rows, the nth of them; NaN stands for a number of 38 digits. */
function scalarOf({ length, isThere, isFirst }: Group, { kind, period }: Rows, nth: number): string | number {
  if (kind === 'number') return Number.NaN;
  if (kind === 'text' || kind === 'bytes') {
    const other = isThere ? '' : String(nth);
    return isFirst ? other + repeated(period, length) : repeated(period, length) + other;
  }
  const number = isThere ? 100 + nth : 9_000_000 + nth;
  return kind === 'texts' || kind === 'set' ? String(number) : number;
}

/** A value of an operator, as JSON has it. */
function operand(group: Group, rows: Rows, nth: number): unknown {
  const scalar = scalarOf(group, rows, nth);
  const beside = (at: number) => (typeof scalar === 'number' ? (scalar || 0) + at : `${scalar}${at === 0 ? '' : at}`);
  switch (group.operator) {
    case 'exists':
      return group.isThere;
    case 'type':
      return group.isThere ? 'N' : 'BS';
    case 'startswith':
      return String(scalar);
    case 'in':
    case 'notin':
    case 'haselements':
      return Array.from({ length: Math.min(1_000, Math.max(2, group.length)) }, (_, at) => beside(at));
    case 'between':
      return [beside(0), beside(1)];
    default:
      return scalar;
  }
}

/** Numbers of 38 digits are written out: JSON.stringify would round them. */
function printed(group: Group, rows: Rows, nth: number): string {
  const value = operand(group, rows, nth);
  return Number.isNaN(value)
    ? `0.1234567890123456789012345678901234${group.isThere ? 1_000 + nth : `0${nth}`}`
    : JSON.stringify(value);
}

function parameter(group: Group, rows: Rows, nth: number): [string, string] {
  return [`${group.path}__${group.operator}`, printed(group, rows, nth)];
}

function filter(group: Group, rows: Rows, nth: number): string {
  return `{"field":"${group.path}","operator":"${group.operator}","value":${printed(group, rows, nth)}}`;
}

/** As many of the conditions as a request has room for. */
function queryOf({ groups, rows, form, extra, isRefused }: Attempt): [string, string][] {
  const all = groups.flatMap((own) => Array.from({ length: own.count }, (_, nth) => ({ own, nth })));
  // Some parameters are more than a query may have.
  const each = form === 'parameters' ? all : all.slice(0, 99);
  const isParameters = form === 'parameters';
  const last: [string, string][] = [
    ...(isRefused && isParameters ? [['id__exists', 'false'] as [string, string]] : []),
    ...(extra === '' ? [] : [extra.split('=') as [string, string]]),
  ];
  const room = (texts: readonly string[]) => {
    let bytes = 100;
    return texts.filter((text) => {
      bytes += text.length + 1;
      return bytes < MOST_SENT;
    });
  };
  if (isParameters) {
    const texts = each.map(({ own, nth }) => parameter(own, rows, nth).join('='));
    return [
      ...room(texts).map((text): [string, string] => [
        text.slice(0, text.indexOf('=')),
        text.slice(text.indexOf('=') + 1),
      ]),
      ...last,
    ];
  }
  const refusing = `{"field":"id","operator":"exists","value":${form === 'none'}}`;
  const texts = [...room(each.map(({ own, nth }) => filter(own, rows, nth))), ...(isRefused ? [refusing] : [])];
  return [['_where', whereOf(form, texts)], ...last];
}

function whereOf(form: Exclude<Attempt['form'], 'parameters'>, texts: readonly string[]): string {
  if (form === 'none') return `{"not":{"any":[${texts.join()}]}}`;
  if (form !== 'product') return `{"${form}":[${texts.join()}]}`;
  // Of two `any`s over indexed attributes a union has the product of their branches.
  const branch = (name: string) => (_: string, at: number) =>
    `{"all":[{"field":"${name}","value":"${at}"},{"field":"b","operator":"ne","value":${at}}]}`;
  const half = texts.slice(0, 12);
  return `{"all":[{"any":[${half.map(branch('s')).join()}]},{"any":[${half.map(branch('t')).join()}]},${texts.slice(48).join() || '{"all":[]}'}]}`;
}

export type Outcome = { readonly status: number; readonly body: string; readonly cpu: number; readonly bytes: number };

/** Sends a request to a handler of its own that has answered once. `cpu` is in milliseconds, of the request alone. */
export async function send(attempt: Attempt, rows = rowsOf(attempt.rows)): Promise<Outcome> {
  let page: readonly Item[] = [];
  const handle = handlerOf(attempt.path, () => {
    const given = page;
    page = [];
    return given;
  });
  const query = queryOf(attempt);
  const event = (sent: readonly (readonly [string, string])[]) =>
    restEvent({ method: 'GET', path: attempt.path, route: attempt.path, query: sent, as: 'caller' });
  await handle(event([]), {});
  page = rows;
  const before = process.cpuUsage();
  const { statusCode, body } = await handle(event(query), {});
  const { user, system } = process.cpuUsage(before);
  return { status: statusCode, body, cpu: (user + system) / 1e3, bytes: sentBytes(query) };
}

function sentBytes(query: readonly (readonly [string, string])[]): number {
  return query.reduce((sum, [name, value]) => sum + name.length + value.length + 2, 0);
}

function handlerOf(path: Attempt['path'], nextPage: () => readonly Item[]) {
  const endpoint = endpoints.find(({ route }) => route === path);
  if (!endpoint) throw new Error(`there is no endpoint ${path}`);
  const record = item(keyRecord('caller', { permitted_endpoints: [{ method: 'GET', endpoint: path }] }));
  const answer = (input: { readonly RequestItems?: object }) =>
    input.RequestItems ? { Responses: { auth: [record] } } : { Items: nextPage() };
  const client = createClient('http://127.0.0.1:1');
  client.send = (({ input }: { readonly input: object }) => Promise.resolve(answer(input))) as never;
  const environment = { DATA_TABLE: 'data', AUTH_TABLE: 'auth', GROUPS_TABLE: 'groups', REQUESTS_TABLE: 'requests' };
  const key = Buffer.alloc(32).toString('base64url');
  const ports = { ...createPorts(environment, client, world), encrypt: () => Promise.resolve(key), log: () => {} };
  const operate = path === '/things' ? listItems : uniqueValues;
  return serve({ api: definition, endpoint, ports, operate });
}
