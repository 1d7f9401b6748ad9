// What a measurement gives: figures, each with what it was measured against and the target it is held to.

/** What requests made of DynamoDB, each per request. */
export type Use = {
  readonly calls: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Of DynamoDB's answers. */
  readonly bytes: number;
};

export type Unit = '×' | 'per s' | 'MB' | 'KB' | 'round trips' | 'answers';

export type Target = { readonly at: 'most' | 'least'; readonly value: number };

export type Figure = {
  /** Of the row that it belongs to: what `--only` takes. */
  readonly row: string;
  readonly what: string;
  readonly against: string;
  readonly value: number;
  readonly unit: Unit;
  /** Undefined: it is told and held to nothing. */
  readonly target?: Target;
  readonly use?: Use;
  /** Of what it is measured against. */
  readonly referenceUse?: Use;
  /** Further numbers for those who want to know more, by name. */
  readonly details?: Readonly<Record<string, number>>;
};

/** What a plan was expected to cost, and what DynamoDB says that it did, in read units. */
export type Estimate = {
  readonly plan: string;
  readonly what: string;
  readonly estimated: number;
  readonly reported: number;
};

export type Measured = { readonly figures: readonly Figure[]; readonly estimates?: readonly Estimate[] };

/** By how much of the target it is missed, as a share of it (of nothing: as it is); 0: it is met. */
export function missedBy({ value, target }: Figure): number {
  if (!target) return 0;
  const over = target.at === 'most' ? value - target.value : target.value - value;
  return Math.max(0, over / (target.value || 1));
}
