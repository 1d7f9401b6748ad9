// The functions with which a definition decides on writes, rules of a table and conditions of endpoints, and their arguments.

/** The second argument of a rule, in ordinary JavaScript; a number that a double cannot hold is a `LosslessNumber`. */
export type RuleContext = {
  /** The item as it would be stored. */
  readonly item: Readonly<Record<string, unknown>>;
  /** The stored item; `undefined` on create. The write is conditional on it. */
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
   * Passes hidden attributes too. A caller from whom anything is hidden gets no message, but learns if the rule holds, and so
   * can guess the values that it compares. @default false
   */
  readonly seesHidden?: boolean;
};

/**
 * A rule for one attribute, run if a request sets it. Value and context lack attributes that are hidden from the caller, unless
 * the rule is written as `{ seesHidden: true, check }`.
 */
export type Rule = Check | (SeesHidden & { readonly check: Check });

/** A rule in the one form that a table stores. */
export type DeclaredRule = { readonly check: Check; readonly seesHidden: boolean };

/**
 * A condition that the stored item must meet before it is changed or deleted, apart from the caller's permissions. `holds` gets
 * the item without attributes that are hidden from the caller, unless `seesHidden` is true.
 */
export type ItemCondition = SeesHidden & {
  readonly holds: (existing: Readonly<Record<string, unknown>>, caller: Caller) => boolean;
  /** The message of the answer (409 `condition_failed`) if the condition does not hold. */
  readonly message: string;
};

/** Normalizes a rule: a function becomes `{ check, seesHidden: false }`. Returns a text if it has a fault. */
export function declareRule(rule: Rule): DeclaredRule | string {
  if (typeof rule === 'function') return Object.freeze({ check: rule, seesHidden: false });
  if (typeof rule !== 'object' || rule === null) return 'is neither a function nor { seesHidden: true, check }';
  const fault = optionsFault(rule, ['seesHidden', 'check']);
  if (fault !== undefined) return fault;
  if (typeof rule.check !== 'function') return 'needs a function as check';
  return Object.freeze({ check: rule.check, seesHidden: rule.seesHidden === true });
}

/** Returns the fault of a condition; `undefined` if there is none. */
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
