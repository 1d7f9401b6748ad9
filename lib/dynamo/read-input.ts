// A step of a read plan → the inputs of its DynamoDB calls, as plain data.

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

/** Names of one projection, each a placeholder of at most four bytes and its comma. */
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

/** The call for one item. */
export function compileGet({ needs }: ReadPlan, key: Item, tableName: string): GetInput {
  return { TableName: tableName, Key: key, ConsistentRead: true, ...projected(needs) };
}

/**
 * The call for some items of a plan: a hundred at most. There is no filter in it: the check in memory is the only one.
 */
export function compileBatch({ needs }: ReadPlan, keys: readonly Item[], tableName: string): BatchInput {
  return { RequestItems: { [tableName]: { Keys: keys, ConsistentRead: true, ...projected(needs) } } };
}

/** The keys of a step as its calls ask for them, from one of them on. */
export function batchesOf({ keys }: KeysStep, from: number): readonly (readonly Item[])[] {
  const count = Math.ceil((keys.length - from) / BATCH_KEYS);
  return Array.from({ length: count }, (_, at) => keys.slice(from + at * BATCH_KEYS, from + (at + 1) * BATCH_KEYS));
}

export type CompiledPage = {
  readonly input: PageInput;
  /** DynamoDB gives nothing but rows of the plan: as many are read as are wanted. */
  readonly isExact: boolean;
};

/**
 * The call of a query or scan. What of its condition does not fit into it is left to the check in memory, which every row
 * passes in any case.
 * @param tableName the table's name in the account
 * @param range of a query's sort key. @default the step's
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

/** A bound that is not included is said where it stands alone; beside another one BETWEEN includes both. */
function keyConditionOf({ source, partition }: QueryStep, range: KeyRange, writer: ExpressionWriter): string {
  const equal = `${writer.name(source.partitionKey.name)} = ${writer.value(partition)}`;
  const bounds = source.sortKey && rangeCondition(writer, source.sortKey.name, range);
  return bounds === undefined ? equal : `${equal} AND ${bounds}`;
}

/** What a key condition says of a sort key; `undefined` if its range is open. */
export function rangeCondition(writer: ExpressionWriter, name: string, range: KeyRange): string | undefined {
  const { low, high } = range;
  const one = onlyValue(range);
  if (one) return `${writer.name(name)} = ${writer.value(one)}`;
  if (low && high) return `${writer.name(name)} BETWEEN ${writer.value(low.value)} AND ${writer.value(high.value)}`;
  if (low) return `${writer.name(name)} ${low.isIncluded ? '>=' : '>'} ${writer.value(low.value)}`;
  return high && `${writer.name(name)} ${high.isIncluded ? '<=' : '<'} ${writer.value(high.value)}`;
}

/**
 * DynamoDB takes no key attribute in the filter of a query, and an index knows only what it holds. Whatever is left out
 * here is checked in memory.
 */
function filterOf(condition: Condition, step: QueryStep | ScanStep, writer: ExpressionWriter): string | undefined {
  const { source } = step;
  const isHeld = (name: string) => source.holds === 'all' || source.holds.has(name);
  const isKey = (name: string) => step.kind === 'query' && source.keys.includes(name);
  return filterExpression(condition, writer, (name) => isHeld(name) && !isKey(name)).expression;
}

/** True if the key condition says all of the condition, so that no filter is left. */
function isSaid(condition: Condition, step: QueryStep | ScanStep): boolean {
  if (step.kind === 'scan') return isTrue(condition);
  const names: readonly (string | undefined)[] = [step.source.partitionKey.name, step.source.sortKey?.name];
  return conjuncts(condition).every((part) => {
    const demand = demandOf(part);
    return demand && isKeyDemand(demand) && demand.path.length === 1 && names.includes(demand.path[0]);
  });
}

/** A place in an index is told by the keys of both, the index's and the table's. */
function withKeys(needs: Needs, { keys }: Source): Needs {
  return needs === 'all' ? needs : new Set([...needs, ...keys]);
}

function projected(needs: Needs): Projected {
  const writer = new ExpressionWriter();
  const projection = projectionOf(needs, writer);
  if (projection === undefined) return {};
  return { ProjectionExpression: projection, ...writer.placeholders() };
}

/** Top-level names alone: what is wanted of a map or list is taken out of it later, as its elements would lose their places. */
function projectionOf(needs: Needs, writer: ExpressionWriter): string | undefined {
  if (needs === 'all' || needs.size > MOST_NAMES) return undefined;
  return [...needs].map((name) => writer.name(name)).join(',');
}
