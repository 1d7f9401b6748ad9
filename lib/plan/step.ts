// Types of a plan's steps, each of which reads items by their keys, a range of a partition, or a whole table or index.

import type { Item, Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import type { KeyRange } from './key-range.ts';
import type { Source } from './source.ts';

/** The top-level attributes that a plan reads of each row. */
export type Needs = 'all' | ReadonlySet<string>;

/** A part of a union, with the condition of its rows. A plan that is no union has one branch, with its whole condition. */
export type Branch = { readonly condition: Condition };

/**
 * The parts of an `any` from which a union is made, in order, each with the number of its branches: one, none if it can have
 * no rows, or, if an `any` inside the part's conjunction was split too, the branches of `below`.
 */
export type Choice = readonly {
  readonly condition: Condition;
  readonly branches: number;
  readonly below: Choice | undefined;
}[];

type Common = {
  /** The number of the branch whose rows the step reads. */
  readonly branch: number;
  /** The estimated number of rows that the step reads. */
  readonly rows: number;
};

export type KeysStep = Common & { readonly kind: 'get' | 'batch'; readonly keys: readonly Item[] };

type Ranged = Common & {
  readonly source: Source;
  /** True if the source lacks needed attributes, so that the rows are read once more by their keys. */
  readonly isFetchedBack: boolean;
};

export type QueryStep = Ranged & {
  readonly kind: 'query';
  readonly partition: Value;
  readonly range: KeyRange;
  /** True if rows are read in ascending order of the sort key. */
  readonly isForward: boolean;
};

export type ScanStep = Ranged & { readonly kind: 'scan'; readonly partition?: undefined };

export type Step = KeysStep | QueryStep | ScanStep;

/**
 * A place in a plan, between two rows: everything before it was read. `after` is the last row's key in the source of
 * step number `step`, or the number of its keys that were read; `undefined` if nothing of the step was read.
 */
export type Position = { readonly step: number; readonly after: Item | number | undefined };
