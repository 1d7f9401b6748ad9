// Compiles a write plan, its audit rows and the row of its request to one TransactWriteItems input, as plain data: DynamoDB
// executes all of it, or nothing.

import { ApiError } from '../base/errors.ts';
import { itemBytes, MAX_ITEM_BYTES } from '../base/item-size.ts';
import type { Item, Value } from '../base/value.ts';
import { all, any, type Condition, compare, exists, not } from '../condition/condition.ts';
import type { Changes } from '../plan/changes.ts';
import type { OptimisticLock, WritePlan } from '../plan/write-plan.ts';
import { ExpressionWriter } from './expression.ts';
import { EXPRESSION_OPERATORS } from './limits.ts';

export type WriteAction = {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly UpdateExpression?: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, Value>;
};

export type TransactItem = { readonly Put?: WriteAction; readonly Update?: WriteAction; readonly Delete?: WriteAction };

/** The tables of a write, by their names in the account. */
export type WriteTables = {
  readonly data: string;
  readonly audit: string | undefined;
  readonly requests?: string | undefined;
};

/** A row of the requests table, and the time at which it is put, in seconds since 1970. */
export type RequestRow = { readonly row: Item; readonly now: number };

/**
 * Compiles the actions of a transaction: the item's first, then one for each audit row, that of the request's row last. A
 * delete of `{ id: 'a' }` with one audit row → `[{ Delete: { Key: { id: { S: 'a' } }, … } }, { Put: … }]`.
 * @throws ApiError `too_large` for an item over 400 KB, or one with too many attributes for the lock and no version
 */
export function compileWrite(
  plan: WritePlan,
  auditRows: readonly Item[],
  { data, audit, requests }: WriteTables,
  request?: RequestRow,
): TransactItem[] {
  if (plan.after && itemBytes(plan.after) > MAX_ITEM_BYTES)
    throw new ApiError('too_large', 'the item would be larger than 400 KB');
  const rows = audit === undefined ? [] : auditRows.map((row) => ({ Put: compileAuditPut(row, audit) }));
  return [itemAction(plan, data), ...rows, ...(request ? [{ Put: requestPut(request, requests) }] : [])];
}

/** The put of a request's row, refused while there is one that has not expired: DynamoDB deletes expired rows late. */
function requestPut({ row, now }: RequestRow, tableName: string | undefined): WriteAction {
  if (tableName === undefined) throw new TypeError('there is no table of requests');
  const writer = new ExpressionWriter();
  const expired = compare(['expire_time'], '<=', { N: String(now) });
  const condition = writer.condition(any([not(exists(['id'])), expired]));
  return { TableName: tableName, Item: row, ConditionExpression: condition, ...writer.placeholders() };
}

/** Compiles the put of an audit row, refused if there is a row of its key: audit rows are never replaced. */
export function compileAuditPut(row: Item, tableName: string): WriteAction {
  const writer = new ExpressionWriter();
  const condition = writer.condition(not(exists(['time'])));
  return { TableName: tableName, Item: row, ConditionExpression: condition, ...writer.placeholders() };
}

function itemAction(plan: WritePlan, tableName: string): TransactItem {
  const writer = new ExpressionWriter();
  switch (plan.kind) {
    case 'create': {
      const condition = writer.condition(plan.condition);
      return {
        Put: { TableName: tableName, ...item(plan.after), ConditionExpression: condition, ...writer.placeholders() },
      };
    }
    case 'delete': {
      const condition = lockedCondition(writer, plan.lock, plan.policy);
      return {
        Delete: { TableName: tableName, Key: plan.key, ConditionExpression: condition, ...writer.placeholders() },
      };
    }
    case 'update':
      return updateAction(plan, tableName, writer);
  }
}

function item(after: Item | undefined): { Item?: Item } {
  return after ? { Item: after } : {};
}

/** Sets only the changed attributes. More than one expression holds are put as a whole item, under the lock of its version. */
function updateAction(
  plan: Extract<WritePlan, { kind: 'update' }>,
  tableName: string,
  writer: ExpressionWriter,
): TransactItem {
  const condition = lockedCondition(writer, plan.lock, plan.policy);
  const update = updateExpression(plan.changes, writer);
  if (update !== undefined) {
    const expressions = { UpdateExpression: update, ConditionExpression: condition };
    return { Update: { TableName: tableName, Key: plan.key, ...expressions, ...writer.placeholders() } };
  }
  const put = new ExpressionWriter();
  const whole = firstThatFits(put, versionLocks(plan.lock, plan.policy));
  return { Put: { TableName: tableName, ...item(plan.after), ConditionExpression: whole, ...put.placeholders() } };
}

/** `undefined` if the changes are too many for one expression. 300 clauses of 13 bytes each always fit into its bytes. */
function updateExpression({ set, remove }: Changes, writer: ExpressionWriter): string | undefined {
  const sets = Object.entries(set);
  if (sets.length + remove.length > EXPRESSION_OPERATORS) return undefined;
  const assignments = sets.map(([name, value]) => `${writer.name(name)} = ${writer.value(value)}`);
  const clauses = [
    ...(assignments.length > 0 ? [`SET ${assignments.join(', ')}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => writer.name(name)).join(', ')}`] : []),
  ];
  return clauses.join(' ');
}

/**
 * Returns the expression of the lock with the policy, or, if both do not fit, of the lock alone. That is enough: the lock
 * holds only for the very item on which the policy was evaluated.
 */
function lockedCondition(writer: ExpressionWriter, lock: OptimisticLock, policy: Condition): string {
  return firstThatFits(writer, [all([lock.whole, policy]), lock.whole, ...versionLocks(lock, policy)]);
}

function versionLocks({ version }: OptimisticLock, policy: Condition): readonly Condition[] {
  return version ? [all([version, policy]), version] : [];
}

function firstThatFits(writer: ExpressionWriter, choices: readonly Condition[]): string {
  for (const choice of choices) {
    const { expression } = writer.conjunction([choice]);
    if (expression !== undefined) return expression;
  }
  throw new ApiError(
    'too_large',
    'the item has too many attributes to be changed safely; its table needs a version attribute',
  );
}
