// Runs the definition's own functions: rules on the attributes that a request sets, and an endpoint's condition on the stored
// item. They run last, once it is decided that the caller may see the item.

import type { Principal } from '../../access/principal.ts';
import { prune } from '../../access/prune.ts';
import { ApiError, type Fault } from '../../base/errors.ts';
import { parsePath } from '../../base/path.ts';
import { toPlain, toPlainItem } from '../../base/plain.ts';
import { attribute, type Item, itemOf } from '../../base/value.ts';
import type { Caller, DeclaredRule, RuleContext } from '../../definition/rule.ts';
import type { Table } from '../../definition/table.ts';
import type { TableRequest } from '../request/request-context.ts';
import { mayTell } from './may-tell.ts';
import { refusal, untold, type Validated } from './validate.ts';

/** A write that is about to be stored. */
export type Pending = {
  readonly body: Item;
  /** The attributes that the request sets, validated. */
  readonly set: Validated;
  /** The whole item as it would be stored. */
  readonly after: Item;
  readonly existing: Item | undefined;
};

/** The view of a write that a rule gets. */
type View = { readonly valueAt: (name: string) => unknown; readonly context: RuleContext };

/**
 * Runs the rules of the attributes that are set, and refuses their faults and the schema's together.
 * @throws ApiError `validation_failed`; what a rule throws, and a TypeError for a result of another type, as defects
 */
export async function checkRules(session: TableRequest, pending: Pending): Promise<void> {
  const { policy, table } = session;
  const { body, set } = pending;
  const caller = callerOf(policy.principal);
  const rules = rulesOf(table, set);
  const shown = viewOf(pending, caller, (item) => prune(item, policy.hidden));
  const whole = rules.some(([, { seesHidden }]) => seesHidden) ? viewOf(pending, caller, (item) => item) : shown;
  // A rule may rely on the schema: if the schema refuses the values, what the rule throws is ignored.
  const isValid = set.faults.length === 0;
  const found = await Promise.all(
    rules.map(async ([name, { check, seesHidden }]) => {
      const { valueAt, context } = seesHidden ? whole : shown;
      const asked = ask(name, () => check(valueAt(name), context));
      const fault = await (isValid ? asked : asked.catch(() => undefined));
      return fault && seesHidden && !policy.hidden.isEmpty ? untold(fault) : fault;
    }),
  );
  const faults = [...set.faults, ...found.filter((fault) => fault !== undefined)];
  if (faults.length > 0) throw refusal(session, body, faults);
}

function viewOf({ set, after, existing }: Pending, caller: Caller, view: (item: Item) => Item): View {
  const values = view(set.item);
  return {
    // A request that sets a hidden attribute was refused before: its value here is the schema's default, not a stored one.
    valueAt: (name) => toPlain(attribute(values, name) ?? attribute(set.item, name) ?? { NULL: true }),
    context: Object.freeze({
      item: toPlainItem(view(after)),
      existing: existing && toPlainItem(view(existing)),
      caller,
    }),
  };
}

/** Returns true if there is a rule to run on the attributes that are set. */
export function hasRules(table: Table, set: Validated): boolean {
  return rulesOf(table, set).length > 0;
}

/** The rules of the attributes that are set and have no fault yet. */
function rulesOf({ rules }: Table, { item, faults }: Validated): readonly (readonly [string, DeclaredRule])[] {
  const wrong = new Set(faults.map(({ path }) => parsePath(path)?.[0] ?? path));
  return [...rules].filter(([name]) => attribute(item, name) !== undefined && !wrong.has(name));
}

async function ask(name: string, check: () => unknown): Promise<Fault | undefined> {
  const given: unknown = await check();
  const { result, message } = typeof given === 'boolean' ? { result: given, message: undefined } : parts(given);
  if (result === true) return undefined;
  if (result === false && message === undefined) return { path: name, message: 'does not pass the rule of this field' };
  if (result === false && typeof message === 'string') return { path: name, message };
  throw new TypeError(`the rule of '${name}' gave out neither true, false nor { result, message }`);
}

function parts(given: unknown): { readonly result?: unknown; readonly message?: unknown } {
  return typeof given === 'object' && given !== null ? given : {};
}

/**
 * Checks the endpoint's condition on the stored item that the write is pinned to.
 * @throws ApiError `condition_failed`
 */
export function checkCondition({ endpoint, policy }: TableRequest, existing: Item, body: Item = itemOf([])): void {
  const { condition } = endpoint;
  if (!condition) return;
  const { message, seesHidden = false } = condition;
  const seen = seesHidden ? existing : prune(existing, policy.hidden);
  const holds: unknown = condition.holds(toPlainItem(seen), callerOf(policy.principal));
  if (typeof holds !== 'boolean') throw new TypeError(`the condition of ${endpoint.route} gave out no true or false`);
  if (holds) return;
  const isTold = (!seesHidden || policy.hidden.isEmpty) && mayTell(policy, body, message);
  throw new ApiError('condition_failed', isTold ? message : undefined);
}

function callerOf({ id, username, name, email, groups }: Principal): Caller {
  return { id, username, name, email, groups };
}
