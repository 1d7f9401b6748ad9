// A read plan → the input of its DynamoDB call, as plain data.

import type { Item, Value } from '../base/value.ts';
import { keyNames } from '../definition/table.ts';
import type { ReadPlan } from '../plan/read-plan.ts';
import { ExpressionWriter, filterExpression } from './expression.ts';
import { BATCH_KEYS } from './limits.ts';

export type GetInput = { readonly TableName: string; readonly Key: Item; readonly ConsistentRead: true };

export type BatchInput = {
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly Item[]; readonly ConsistentRead: true }>>;
};

export type PageInput = {
  readonly TableName: string;
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, Value>;
};

export type ReadInput =
  | { readonly kind: 'never' }
  | { readonly kind: 'get'; readonly input: GetInput }
  | { readonly kind: 'batch'; readonly inputs: readonly BatchInput[] }
  | { readonly kind: 'query'; readonly input: PageInput }
  | { readonly kind: 'scan'; readonly input: PageInput };

/**
 * The call of a plan. What of the plan's condition does not fit into it is left to the check in memory, which every row
 * passes in any case.
 * @param tableName the table's name in the account
 */
export function compileRead(plan: ReadPlan, tableName: string): ReadInput {
  switch (plan.kind) {
    case 'never':
      return { kind: 'never' };
    case 'get':
      return { kind: 'get', input: { TableName: tableName, Key: plan.key, ConsistentRead: true } };
    case 'batch':
      return { kind: 'batch', inputs: batchInputs(plan.keys, tableName) };
    case 'query':
      return { kind: 'query', input: queryInput(plan, tableName) };
    case 'scan':
      return { kind: 'scan', input: scanInput(plan, tableName) };
  }
}

/** One input for every hundred keys. There is no filter in them: the check in memory is the only one. */
function batchInputs(keys: readonly Item[], tableName: string): readonly BatchInput[] {
  const batches: BatchInput[] = [];
  for (let at = 0; at < keys.length; at += BATCH_KEYS) {
    const Keys = keys.slice(at, at + BATCH_KEYS);
    batches.push({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } });
  }
  return batches;
}

function queryInput(plan: Extract<ReadPlan, { kind: 'query' }>, tableName: string): PageInput {
  const writer = new ExpressionWriter();
  const [name, value] = plan.partition;
  const keyCondition = `${writer.name(name)} = ${writer.value(value)}`;
  const { expression } = filterExpression(plan.condition, writer, { forbidden: new Set(keyNames(plan.table)) });
  return {
    TableName: tableName,
    KeyConditionExpression: keyCondition,
    ...filter(expression),
    ...writer.placeholders(),
  };
}

function scanInput(plan: ReadPlan, tableName: string): PageInput {
  const writer = new ExpressionWriter();
  const { expression } = filterExpression(plan.condition, writer);
  return { TableName: tableName, ...filter(expression), ...writer.placeholders() };
}

function filter(expression: string | undefined): { FilterExpression?: string } {
  return expression === undefined ? {} : { FilterExpression: expression };
}
