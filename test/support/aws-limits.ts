// What DynamoDB documents that it refuses, asked of every input before an engine sees it: an engine may take more.
// Sources: the Developer Guide, "Quotas in Amazon DynamoDB", "Condition and filter expressions", "Naming rules"; the API
// Reference of Query, BatchGetItem and TransactWriteItems.

import type { Item, Value } from '../../lib/base/value.ts';
import { compare } from './reference.ts';

/** The names of the keys of a table or of one of its indexes. */
export type KeysOf = (tableName: string, indexName: string | undefined) => readonly string[];

type Input = Readonly<Record<string, unknown>>;

const EXPRESSIONS = [
  'KeyConditionExpression',
  'FilterExpression',
  'ConditionExpression',
  'UpdateExpression',
  'ProjectionExpression',
];
const EXPRESSION_BYTES = 4_096;
const OPERATORS = 300;
const IN_OPERANDS = 100;
const KEYS = 100;
const ACTIONS = 100;
const LEVELS = 32;
const TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS'];
const OPERATOR = /<>|<=|>=|=|<|>|\b(?:AND|OR|NOT|IN|BETWEEN)\b|\b[a-z_]+\(/g;

/** Everything in an input of the SDK that DynamoDB would refuse. */
export function refusals(input: object, keysOf: KeysOf): readonly string[] {
  return partsOf(input as Input).flatMap((part) => [
    ...expressionFaults(part),
    ...valueFaults(part),
    ...keyFaults(part, keysOf),
  ]);
}

/** The input, and what stands inside it for several tables or items. */
function partsOf(input: Input): readonly Input[] {
  const actions = (input['TransactItems'] ?? []) as readonly Record<string, Input>[];
  if (actions.length > ACTIONS) return [{ fault: `${actions.length} actions` }];
  const requests = Object.values((input['RequestItems'] ?? {}) as Record<string, Input>);
  return [input, ...actions.flatMap((action) => Object.values(action)), ...requests];
}

function textsOf(input: Input): readonly string[] {
  return EXPRESSIONS.map((name) => input[name]).filter((text) => text !== undefined) as string[];
}

function expressionFaults(input: Input): readonly string[] {
  const texts = textsOf(input);
  const names = (input['ExpressionAttributeNames'] ?? {}) as Record<string, string>;
  const values = (input['ExpressionAttributeValues'] ?? {}) as Record<string, Value>;
  const used = new Set(texts.join(' ').match(/[#:]\w+/g));
  const given = new Set([...Object.keys(names), ...Object.keys(values)]);
  const faults = [...given].filter((name) => !used.has(name)).map((name) => `${name} is not used`);
  faults.push(...[...used].filter((name) => !given.has(name)).map((name) => `${name} is not given`));
  if (input['ExpressionAttributeNames'] && Object.keys(names).length === 0) faults.push('no names');
  if (input['ExpressionAttributeValues'] && Object.keys(values).length === 0) faults.push('no values');
  return [...faults, ...texts.flatMap((text) => textFaults(text, values))];
}

type Values = Readonly<Record<string, Value>>;

function textFaults(text: string, values: Values): readonly string[] {
  const operators = text.match(OPERATOR)?.length ?? 0;
  const bytes = Buffer.byteLength(text);
  return [
    ...(bytes === 0 || bytes > EXPRESSION_BYTES ? [`an expression of ${bytes} bytes`] : []),
    ...(operators > OPERATORS ? [`${operators} operators`] : []),
    ...(/\(\([^()]*\)\)/.test(text) ? ['redundant brackets'] : []),
    ...operandFaults(text, values),
  ];
}

/** The operands of an operator, wherever it stands. */
function operandsOf(text: string, operator: RegExp): readonly (readonly string[])[] {
  return [...text.matchAll(operator)].map(([, ...operands]) => operands);
}

function operandFaults(text: string, values: Values): readonly string[] {
  const lists = operandsOf(text, / IN \(([^)]*)\)/g).map(([all = '']) => all.split(',').length);
  const ordered = operandsOf(text, /[^<](?:<=|>=|<|>) (:\w+)/g).map(([name = '']) => values[name]);
  const pairs = operandsOf(text, /BETWEEN (:\w+) AND (:\w+)/g).map((names) => names.map((name) => values[name]));
  const types = operandsOf(text, /attribute_type\([^,]+,(:\w+)\)/g).map(([name = '']) => values[name]);
  return [
    ...lists.filter((count) => count > IN_OPERANDS).map((count) => `IN of ${count}`),
    ...ordered.filter((value) => !value || compare(value, value) === undefined).map(() => 'an order that there is not'),
    ...pairs
      .filter(([low, high]) => !low || !high || (compare(low, high) ?? 1) > 0)
      .map(() => 'BETWEEN the wrong way round'),
    ...types
      .filter((value) => !value || !('S' in value && TYPES.includes(value.S)))
      .map(() => 'a type that there is not'),
  ];
}

function valueFaults(input: Input): readonly string[] {
  const values = Object.values((input['ExpressionAttributeValues'] ?? {}) as Record<string, Value>);
  const items = [input['Item'], input['Key']].filter((item) => item !== undefined) as Record<string, Value>[];
  return [...values, ...items.flatMap((item) => Object.values(item))].flatMap((value) => faultsIn(value, 1));
}

function faultsIn(value: Value, level: number): readonly string[] {
  if (level > LEVELS) return ['more than 32 levels'];
  if ('L' in value) return value.L.flatMap((element) => faultsIn(element, level + 1));
  if ('M' in value) {
    const names = Object.keys(value.M).filter((name) => name === '');
    return [
      ...names.map(() => 'a name of nothing'),
      ...Object.values(value.M).flatMap((inner) => faultsIn(inner, level + 1)),
    ];
  }
  const members = 'SS' in value ? value.SS : 'NS' in value ? value.NS : 'BS' in value ? value.BS : undefined;
  return members?.length === 0 ? ['an empty set'] : [];
}

type Keyed = {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Limit?: number;
  readonly Key?: Item;
  readonly Keys?: readonly Item[];
};

function keyFaults(input: Input, keysOf: KeysOf): readonly string[] {
  const { TableName = '', IndexName, Limit = 1, Key, Keys = [] } = input as Keyed;
  const keys = [...(Key ? [Key] : []), ...Keys];
  const isTwice = new Set(Keys.map((key) => JSON.stringify(key))).size < Keys.length;
  const isEmpty = keys.some((key) => Object.values(key).some((value) => 'S' in value && value.S === ''));
  const filtered = typeof input['KeyConditionExpression'] === 'string' ? filteredNames(input) : [];
  const own = keysOf(TableName, IndexName);
  return [
    ...(Limit < 1 ? [`a limit of ${Limit}`] : []),
    ...(Keys.length > KEYS || isTwice ? [`${Keys.length} keys, or one twice`] : []),
    ...(isEmpty ? ['an empty key'] : []),
    ...filtered.filter((name) => own.includes(name)).map((name) => `a query's filter on its key ${name}`),
  ];
}

/** The attributes that a filter names: `#a.#b` names `a` alone. */
function filteredNames(input: Input): readonly string[] {
  const names = (input['ExpressionAttributeNames'] ?? {}) as Record<string, string>;
  const text = String(input['FilterExpression'] ?? '');
  return [...text.matchAll(/(?<![.\w])#\w+/g)].map(([placeholder]) => names[placeholder] ?? '');
}
