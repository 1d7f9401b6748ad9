// Compiles a step of a read plan to the inputs of its DynamoDB calls, as plain data.

import type { Item } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import { conjuncts, isTrue } from '../condition/conjuncts.ts';
import { demandOf, isKeyDemand } from '../condition/demand.ts';
import { type KeyRange, onlyValue } from '../plan/key-range.ts';
import type { ReadPlan } from '../plan/read-plan.ts';
import type { Source } from '../plan/source.ts';
import type { Branch, KeysStep, Needs, QueryStep, ScanStep } from '../plan/step.ts';
import { ExpressionWriter, filterExpression } from './expression.ts';
import { BATCH_KEYS, EXPRESSION_BYTES } from './limits.ts';
import type { PlaceholderMaps } from './placeholders.ts';

/** The most names of one projection, each a placeholder of at most four bytes and a comma. */
const MOST_NAMES = Math.floor(EXPRESSION_BYTES / 5);

type Projected = { readonly ProjectionExpression?: string } & Pick<PlaceholderMaps, 'ExpressionAttributeNames'>;

export type GetInput = Projected & { readonly TableName: string; readonly Key: Item; readonly ConsistentRead: true };

export type BatchInput = {
  readonly RequestItems: Readonly<
    Record<string, Projected & { readonly Keys: readonly Item[]; readonly ConsistentRead: true }>
  >;
};

export type PageInput = PlaceholderMaps & {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ProjectionExpression?: string;
  readonly ScanIndexForward?: false;
};

/** Compiles the call for one item. Key `{ id: 'a' }` → `{ Key: { id: { S: 'a' } }, ConsistentRead: true, … }`. */
export function compileGet({ needs }: ReadPlan, key: Item, tableName: string): GetInput {
  return { TableName: tableName, Key: key, ConsistentRead: true, ...projected(needs) };
}

/** Compiles the call for at most a hundred items of a plan. A batch has no filter: only memory checks the condition. */
export function compileBatch({ needs }: ReadPlan, keys: readonly Item[], tableName: string): BatchInput {
  return { RequestItems: { [tableName]: { Keys: keys, ConsistentRead: true, ...projected(needs) } } };
}

/** Returns the keys of a step in groups, one for each call, from the key number `from` on. */
export function batchesOf({ keys }: KeysStep, from: number): readonly (readonly Item[])[] {
  const count = Math.ceil((keys.length - from) / BATCH_KEYS);
  return Array.from({ length: count }, (_, at) => keys.slice(from + at * BATCH_KEYS, from + (at + 1) * BATCH_KEYS));
}

export type CompiledPage = {
  readonly input: PageInput;
  /** True if DynamoDB returns nothing but rows of the plan, so that no more need be read than are wanted. */
  readonly isExact: boolean;
};

/**
 * Compiles the call of a query or scan. Conditions that do not fit into it are left to memory, which checks every row anyway.
 * A query of `status = "new"` → `{ IndexName: 'by_status', KeyConditionExpression: '#a = :a', … }`.
 * @param tableName the table's name in the account
 * @param range the range of a query's sort key. @default the step's
 */
export function compilePage(
  plan: ReadPlan,
  step: QueryStep | ScanStep,
  tableName: string,
  range?: KeyRange,
): CompiledPage {
  const writer = new ExpressionWriter();
  const { source } = step;
  const keyCondition = step.kind === 'query' ? keyConditionOf(step, range ?? step.range, writer) : undefined;
  const { condition } = plan.branches[step.branch] as Branch;
  const filter = filterOf(condition, step, writer);
  const projection = projectionOf(step.isFetchedBack ? new Set(source.keys) : withKeys(plan.needs, source), writer);
  return {
    input: {
      TableName: tableName,
      ...(source.index && { IndexName: source.index.name }),
      ...(keyCondition !== undefined && { KeyConditionExpression: keyCondition }),
      ...(filter !== undefined && { FilterExpression: filter }),
      ...(projection !== undefined && { ProjectionExpression: projection }),
      ...(step.kind === 'query' && !step.isForward && { ScanIndexForward: false }),
      ...writer.placeholders(),
    },
    isExact: isSaid(condition, step) && !step.isFetchedBack,
  };
}

/** Compiles a key condition. A single bound may be exclusive; BETWEEN includes both, and memory drops what is too much. */
function keyConditionOf({ source, partition }: QueryStep, range: KeyRange, writer: ExpressionWriter): string {
  const equal = `${writer.name(source.partitionKey.name)} = ${writer.value(partition)}`;
  const bounds = source.sortKey && rangeCondition(writer, source.sortKey.name, range);
  return bounds === undefined ? equal : `${equal} AND ${bounds}`;
}

/** Compiles the range of a sort key; `undefined` if it is open on both sides. From 1 → `#b >= :b`. */
export function rangeCondition(writer: ExpressionWriter, name: string, range: KeyRange): string | undefined {
  const { low, high } = range;
  const one = onlyValue(range);
  if (one) return `${writer.name(name)} = ${writer.value(one)}`;
  if (low && high) return `${writer.name(name)} BETWEEN ${writer.value(low.value)} AND ${writer.value(high.value)}`;
  if (low) return `${writer.name(name)} ${low.isIncluded ? '>=' : '>'} ${writer.value(low.value)}`;
  return high && `${writer.name(name)} ${high.isIncluded ? '<=' : '<'} ${writer.value(high.value)}`;
}

/**
 * Compiles the filter. It leaves out the key attributes of a query, which DynamoDB refuses there, and attributes that the index
 * does not have; memory checks those conditions.
 */
function filterOf(condition: Condition, step: QueryStep | ScanStep, writer: ExpressionWriter): string | undefined {
  const { source } = step;
  const isHeld = (name: string) => source.holds === 'all' || source.holds.has(name);
  const isKey = (name: string) => step.kind === 'query' && source.keys.includes(name);
  return filterExpression(condition, writer, (name) => isHeld(name) && !isKey(name)).expression;
}

/** True if the key condition expresses the whole condition, so that there is no filter. */
function isSaid(condition: Condition, step: QueryStep | ScanStep): boolean {
  if (step.kind === 'scan') return isTrue(condition);
  const names: readonly (string | undefined)[] = [step.source.partitionKey.name, step.source.sortKey?.name];
  return conjuncts(condition).every((part) => {
    const demand = demandOf(part);
    return demand && isKeyDemand(demand) && demand.path.length === 1 && names.includes(demand.path[0]);
  });
}

/** Adds the keys of the index and of the table, of which a position in the index consists. */
function withKeys(needs: Needs, { keys }: Source): Needs {
  return needs === 'all' ? needs : new Set([...needs, ...keys]);
}

function projected(needs: Needs): Projected {
  const writer = new ExpressionWriter();
  const projection = projectionOf(needs, writer);
  if (projection === undefined) return {};
  return { ProjectionExpression: projection, ...writer.placeholders() };
}

/** Compiles top-level names. Nested paths are pruned in memory: projected, the elements of a list would lose their places. */
function projectionOf(needs: Needs, writer: ExpressionWriter): string | undefined {
  if (needs === 'all' || needs.size > MOST_NAMES) return undefined;
  return [...needs].map((name) => writer.name(name)).join(',');
}
