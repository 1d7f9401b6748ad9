// One source of rows in a plan: items by their keys, a range of a partition, or all of a table or index.

import type { Item, Value } from '../base/value.ts';
import type { Condition } from '../condition/condition.ts';
import type { KeyRange } from './key-range.ts';
import type { Source } from './source.ts';

/** The top-level attributes that a plan reads of each row. */
export type Needs = 'all' | ReadonlySet<string>;

/** A part of a union: what its rows satisfy. The only branch of any other plan is its whole condition. */
export type Branch = { readonly condition: Condition };

/**
 * The parts of an `any` of which a union is made, in order; each holds so many of its branches: one, none, or, where an
 * `any` beside it was taken apart too, those `below`.
 */
export type Choice = readonly {
  readonly condition: Condition;
  readonly branches: number;
  readonly below: Choice | undefined;
}[];

type Common = {
  /** The number of the branch whose rows it brings. */
  readonly branch: number;
  /** About how many rows it reads. */
  readonly rows: number;
};

export type KeysStep = Common & { readonly kind: 'get' | 'batch'; readonly keys: readonly Item[] };

type Ranged = Common & {
  readonly source: Source;
  /** The source lacks attributes that are needed: its rows are read once more, by their keys. */
  readonly isFetchedBack: boolean;
};

export type QueryStep = Ranged & {
  readonly kind: 'query';
  readonly partition: Value;
  readonly range: KeyRange;
  /** False: from the last row to the first. */
  readonly isForward: boolean;
};

export type ScanStep = Ranged & { readonly kind: 'scan'; readonly partition?: undefined };

export type Step = KeysStep | QueryStep | ScanStep;

/**
 * A place in a plan, between two rows: everything before it was read. `after` is the last row's key in the source of
 * step number `step`, or how many of its keys were asked for; undefined: nothing of the step was read yet.
 */
export type Position = { readonly step: number; readonly after: Item | number | undefined };
