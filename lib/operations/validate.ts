// The table's schema on what a request stores. What the schema gives out is what is stored.

import { ApiError, type Fault } from '../base/errors.ts';
import { parsePath, printPath } from '../base/path.ts';
import { fromPlain, toPlainItem } from '../base/plain.ts';
import { attribute, type Item, itemOf, withAttributes } from '../base/value.ts';
import type { Schema } from '../definition/table.ts';
import type { TableSession } from './session.ts';

/**
 * The attributes as the schema gives them out.
 * @param faultsOf what else is wrong with them; all failures are reported together
 * @throws ApiError `validation_failed`
 */
export async function validate(
  { policy }: TableSession,
  schema: Schema | undefined,
  sent: Item,
  faultsOf: (item: Item) => readonly Fault[],
): Promise<Item> {
  const { item, faults } = schema ? await run(schema, sent) : { item: sent, faults: [] };
  const all = unique([...faults, ...faultsOf(item)]);
  if (all.length === 0) return item;
  // A hidden attribute that the request did not name is not named to the caller either.
  const hides = ({ path }: Fault) => policy.hidden.place(parsePath(path) ?? [path]) !== 'apart' && !names(sent, path);
  throw new ApiError(
    'validation_failed',
    undefined,
    all.map((fault) => (hides(fault) ? UNNAMED : fault)),
  );
}

const UNNAMED: Fault = { path: '', message: 'the item does not pass a rule of this API' };

function names(sent: Item, path: string): boolean {
  return attribute(sent, (parsePath(path) ?? [path])[0]) !== undefined;
}

function unique(faults: readonly Fault[]): readonly Fault[] {
  return faults.filter((fault, at) => faults.findIndex(({ path }) => path === fault.path) === at);
}

async function run(schema: Schema, sent: Item): Promise<{ readonly item: Item; readonly faults: readonly Fault[] }> {
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

/** Schemas leave out the name `__proto__` for their own safety; here it is a name like any other. */
function withProto(item: Item, sent: Item): Item {
  const value = attribute(sent, '__proto__');
  return value ? withAttributes(item, itemOf([['__proto__', value]])) : item;
}
