// What must hold after any race: some order explains what every client saw and what is stored, table and audit tell one
// story, and each request had the effect that its caller was told of.

import { expect } from 'vitest';
import type { Item } from '../../lib/base/value.ts';
import { changesOf, tornParts } from './audit-chain.ts';
import { describeVerdict, linearize, type State } from './linearize.ts';
import { ABSENT, operationsOn, requestId, type Seen, stateOf } from './racers.ts';

export type Stored = {
  readonly items: readonly Item[];
  readonly auditRows: readonly Item[];
  readonly seeded?: readonly Item[];
};

/** @param starts the states of the items before the race; those that are left out were absent */
export function expectOneStory(
  seen: readonly Seen[],
  { items, auditRows, seeded = [] }: Stored,
  starts: ReadonlyMap<string, State> = new Map(),
): void {
  expect(tornParts(items, auditRows, seeded)).toEqual([]);
  const changes = changesOf(auditRows).map((change) => change.requestId);
  expect(new Set(changes).size).toBe(changes.length);
  const changed = new Set(changes);
  for (const each of seen) expectTruth(each, changed.has(requestId(each)));
  const byKey = new Map<string, Seen[]>();
  for (const each of seen) if (each.key !== undefined) byKey.set(each.key, [...(byKey.get(each.key) ?? []), each]);
  for (const [key, group] of byKey) expectOneEffect(key, group, changed);
  for (const id of new Set(seen.map((each) => each.id))) {
    const end = stateIn(items, id);
    const verdict = linearize(operationsOn(id, seen, changed), starts.get(id) ?? ABSENT, (state) => state === end);
    expect(verdict.isLinear, `${id}: ${describeVerdict(verdict)}`).toBe(true);
  }
}

/** As callers see it: text attributes, without the version. */
export function stateIn(items: readonly Item[], id: string): State {
  const found = items.find((item) => JSON.stringify(item['id']) === JSON.stringify({ S: id }));
  if (!found) return ABSENT;
  const shown = Object.entries(found).filter(([name]) => name !== '_v');
  return stateOf(Object.fromEntries(shown.map(([name, value]) => [name, 'S' in value ? value.S : value])));
}

/** A change that was told of has its audit row, one that was refused has none; 429 and 503 leave open what happened. */
function expectTruth({ kind, key, answer }: Seen, isChanged: boolean): void {
  const { status } = answer;
  expect([200, 201, 204, 404, 409, 412, 429, 503]).toContain(status);
  expect(answer.headers['Retry-After'] !== undefined).toBe(status === 429 || status === 503);
  if (status === 429 || status === 503) return;
  // A repeat may be of its own request, where the write's answer was lost; of an item that is gone by then it is 404.
  if (answer.headers['Idempotency-Replayed'] === 'true' || (key !== undefined && status === 404)) return;
  expect([kind, status, isChanged]).toEqual([kind, status, kind !== 'get' && status < 300]);
}

function expectOneEffect(key: string, group: readonly Seen[], changed: ReadonlySet<string>): void {
  const effects = group.filter((each) => changed.has(requestId(each))).length;
  const isTold = group.some(({ answer }) => answer.status < 300);
  expect([key, effects]).toEqual([key, isTold ? 1 : Math.min(1, effects)]);
}
