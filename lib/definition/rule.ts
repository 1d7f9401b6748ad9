// The definition's own functions that decide on writes: rules of a table, conditions of endpoints, and what they are given.

/** What a rule sees beside the value: ordinary JavaScript, numbers lossless where a JS number is not exact. */
export type RuleContext = {
  /** The item as it would be stored. */
  readonly item: Readonly<Record<string, unknown>>;
  /** The stored item, on update; the write is pinned to it. */
  readonly existing: Readonly<Record<string, unknown>> | undefined;
  readonly caller: Caller;
};

/** The caller as rules and conditions of a definition see it. */
export type Caller = {
  readonly id: string;
  readonly username: string | undefined;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly groups: readonly string[];
};

type RuleResult = boolean | { readonly result: boolean; readonly message: string };
type Check = (value: unknown, context: RuleContext) => RuleResult | Promise<RuleResult>;

type SeesHidden = {
  /**
   * Gets hidden attributes too. A caller from whom anything is hidden still learns whether it passes, and so can search
   * what it compares; its message is withheld from them. @default false
   */
  readonly seesHidden?: boolean;
};

/**
 * A rule for one attribute, run where a request sets it. The value and the context lack what is hidden from the caller,
 * unless the rule is written as `{ seesHidden: true, check }`.
 */
export type Rule = Check | (SeesHidden & { readonly check: Check });

/** A rule as a table holds it. */
export type DeclaredRule = { readonly check: Check; readonly seesHidden: boolean };

/**
 * What must hold of the stored item before it is changed or deleted, beyond the caller's permissions. `holds` gets the item
 * without what is hidden from the caller, unless `seesHidden` is true.
 */
export type ItemCondition = SeesHidden & {
  readonly holds: (existing: Readonly<Record<string, unknown>>, caller: Caller) => boolean;
  /** Told to the caller (409 `condition_failed`) where it does not hold. */
  readonly message: string;
};

/** The rule as a table holds it, or what is wrong with it. */
export function declareRule(rule: Rule): DeclaredRule | string {
  if (typeof rule === 'function') return Object.freeze({ check: rule, seesHidden: false });
  if (typeof rule !== 'object' || rule === null) return 'is neither a function nor { seesHidden: true, check }';
  const fault = optionsFault(rule, ['seesHidden', 'check']);
  if (fault !== undefined) return fault;
  if (typeof rule.check !== 'function') return 'needs a function as check';
  return Object.freeze({ check: rule.check, seesHidden: rule.seesHidden === true });
}

/** What is wrong with a condition; `undefined` if nothing. */
export function conditionFault(condition: ItemCondition | undefined): string | undefined {
  if (condition === undefined) return undefined;
  if (typeof condition !== 'object' || condition === null) return 'the condition is no { holds, message }';
  const fault = optionsFault(condition, ['seesHidden', 'holds', 'message']);
  if (fault !== undefined) return `the condition ${fault}`;
  if (typeof condition.holds !== 'function') return 'the condition needs a function as holds';
  return typeof condition.message === 'string' ? undefined : 'the condition needs text as message';
}

function optionsFault(options: SeesHidden, known: readonly string[]): string | undefined {
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) return `has no option '${unknown}'; the options are ${known.join(', ')}`;
  const { seesHidden = false } = options;
  return typeof seesHidden === 'boolean' ? undefined : 'needs true or false as seesHidden';
}
