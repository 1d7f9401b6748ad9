// Validates the values that a request stores with the table's schema and types. The schema's output is stored; its faults
// are reported together with those of rules (rules.ts).

import { ApiError, type Fault } from '../../base/errors.ts';
import { parsePath, printPath } from '../../base/path.ts';
import { fromPlain, toPlainItem } from '../../base/plain.ts';
import { attribute, type Item, itemOf, type Value } from '../../base/value.ts';
import type { Schema } from '../../definition/table.ts';
import type { TableRequest } from '../request/request-context.ts';
import { mayTell } from './may-tell.ts';

/** The schema's output and all faults; if the schema refuses them, the attributes as they were sent. */
export type Validated = { readonly item: Item; readonly faults: readonly Fault[] };

/** @param faultsOf returns further faults of the schema's output */
export async function validate(
  schema: Schema | undefined,
  sent: Item,
  faultsOf: (item: Item) => readonly Fault[],
): Promise<Validated> {
  const { item, faults } = schema ? await run(schema, sent) : { item: sent, faults: [] };
  return { item, faults: unique([...faults, ...faultsOf(item)]) };
}

/** The refusal for some faults. It names no hidden attribute that the request did not name itself. */
export function refusal({ policy }: TableRequest, body: Item, faults: readonly Fault[]): ApiError {
  const hides = (fault: Fault) => {
    const path = parsePath(fault.path) ?? [fault.path];
    return policy.hidden.place(path) !== 'apart' && !names({ M: body }, path);
  };
  const told = faults.map((fault): Fault => {
    if (hides(fault)) return { path: '', message: 'the item does not pass a rule of this API' };
    return mayTell(policy, body, fault.message) ? fault : untold(fault);
  });
  return new ApiError('validation_failed', undefined, unique(told));
}

/** The fault with a neutral message. */
export function untold({ path }: Fault): Fault {
  return { path, message: 'does not pass a rule of this API' };
}

/** Returns true if a body sets the value at a path, itself or by replacing a parent with a scalar. */
function names(body: Value, path: readonly (string | number)[]): boolean {
  let value: Value | undefined = body;
  for (const step of path) {
    if ('M' in value) value = attribute(value.M, String(step));
    else if ('L' in value) value = typeof step === 'number' ? value.L[step] : undefined;
    else return true;
    if (value === undefined) return false;
  }
  return true;
}

function unique(faults: readonly Fault[]): readonly Fault[] {
  const seen = new Set<string>();
  return faults.filter(({ path }) => !seen.has(path) && seen.add(path));
}

async function run(schema: Schema, sent: Item): Promise<Validated> {
  const result = await schema['~standard'].validate(toPlainItem(sent));
  if (result.issues) {
    const place = (path: readonly (PropertyKey | { readonly key: PropertyKey })[] = []) =>
      printPath(path.map((step) => stepOf(typeof step === 'object' ? step.key : step)));
    return { item: sent, faults: result.issues.map(({ message, path }) => ({ path: place(path), message })) };
  }
  const value = fromPlain(result.value);
  if (!value || !('M' in value)) throw new TypeError('the schema gave out what DynamoDB cannot store');
  return { item: withProto(value.M, sent), faults: [] };
}

function stepOf(step: PropertyKey): string | number {
  return typeof step === 'number' ? step : String(step);
}

/** Restores attributes named `__proto__`, at every depth, which schemas drop for safety. */
function withProto(item: Item, sent: Item): Item {
  const entries = Object.entries(item).map(([name, value]): readonly [string, Value] => {
    const from = attribute(sent, name);
    return [name, from && 'M' in from && 'M' in value ? { M: withProto(value.M, from.M) } : value];
  });
  const value = attribute(sent, '__proto__');
  return itemOf(value ? [...entries, ['__proto__', value]] : entries);
}
