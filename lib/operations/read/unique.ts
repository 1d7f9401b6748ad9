// Answers GET of all distinct values of one attribute among the visible rows that match the query.

import { leavingBytes, MAX_JSON_BYTES, MAX_LEAVING_BYTES } from '../../base/answer-bytes.ts';
import { ApiError } from '../../base/errors.ts';
import { printJson } from '../../base/json.ts';
import { parsePath } from '../../base/path.ts';
import type { Value } from '../../base/value.ts';
import { all, exists } from '../../condition/condition.ts';
import { valueAt } from '../../condition/evaluate.ts';
import { valueKey } from '../../condition/value-key.ts';
import { compareMixed } from '../../plan/order.ts';
import { planRead } from '../../plan/read-plan.ts';
import { onTable } from '../request/request-context.ts';
import { readQuery } from './read-query.ts';

const BRACKETS = 2;

export const unique = onTable(async (session) => {
  const { endpoint, policy, ports, budget } = session;
  const path = parsePath(endpoint.attribute ?? '');
  if (!path) throw new TypeError(`${endpoint.route} names no attribute`);
  const { condition } = readQuery(session);
  policy.checkQueried([path]);
  const values = new DistinctScalars();
  // Rows without the attribute have no value, so a sparse index on it suffices.
  const plan = planRead(policy, all([condition, exists(path)]), { limit: Number.POSITIVE_INFINITY, fields: [path] });
  await ports.readAll(plan, budget, (item) => values.add(valueAt(item, path)));
  return { answer: { kind: 'ok', body: { L: values.sorted() } }, audit: 'due' };
});

/** Collects each scalar value once, up to the size of an answer. */
class DistinctScalars {
  readonly #byKey = new Map<string, Value>();
  #json = BRACKETS;
  #leaving = BRACKETS;

  add(value: Value | undefined): void {
    if (!value || !isScalar(value)) return;
    const key = valueKey(value);
    if (this.#byKey.has(key)) return;
    const text = printJson(value);
    this.#json += Buffer.byteLength(text) + 1;
    this.#leaving += leavingBytes(text) + 1;
    if (this.#json > MAX_JSON_BYTES || this.#leaving > MAX_LEAVING_BYTES)
      throw new ApiError('too_costly', 'there are too many values; narrow the query');
    this.#byKey.set(key, value);
  }

  sorted(): readonly Value[] {
    return [...this.#byKey.values()].sort(compareMixed);
  }
}

/** True if a value is a scalar of JSON: a number, a string, a boolean or null. */
function isScalar(value: Value): boolean {
  return 'N' in value || 'S' in value || 'BOOL' in value || 'NULL' in value;
}
