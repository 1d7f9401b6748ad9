// Whether a table and its audit tell one story: every item is what its audit rows leave, each change begins where another
// ended, and nothing is in one of the two alone. Images are put together here anew, not by the code under test.

import { attribute, type Item, itemOf, type Value } from '../../lib/base/value.ts';

type Change = {
  readonly key: string;
  readonly action: string;
  readonly requestId: string;
  /** The whole item, as text; `ABSENT` where there is none. */
  readonly before: string;
  readonly after: string;
};

const ABSENT = 'absent';

const text = (value: Value | undefined) => (value && 'S' in value ? value.S : '');
const map = (value: Value | undefined): Item | undefined => (value && 'M' in value ? value.M : undefined);

/** Items that are alike have one text, in whatever order their attributes stand. */
function textOf(item: Item | undefined): string {
  if (!item) return ABSENT;
  return JSON.stringify(item, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** The changes that audit rows record; other rows are none. Images in rows of their own are not read here. */
export function changesOf(auditRows: readonly Item[]): readonly Change[] {
  return auditRows.flatMap((row) => {
    const [after, old] = [map(attribute(row, 'after')), map(attribute(row, 'before'))];
    if (!after && !old) return [];
    const key = textOf(map(attribute(map(attribute(row, 'resource')) ?? {}, 'key')));
    const common = { key, action: text(attribute(row, 'action')), requestId: text(attribute(row, 'request_id')) };
    return [{ ...common, after: textOf(after), before: textOf(wholeBefore(after, old, attribute(row, 'added'))) }];
  });
}

/** Of an update the audit holds the old values of what changed, and the names that are new. */
function wholeBefore(after: Item | undefined, old: Item | undefined, added: Value | undefined): Item | undefined {
  if (!after || !old) return old;
  const names = added && 'L' in added ? added.L.map(text) : [];
  return itemOf([...Object.entries(after).filter(([name]) => !names.includes(name)), ...Object.entries(old)]);
}

/** What does not fit together, in words; `seeded` are the items that were there without an audit row. */
export function tornParts(items: readonly Item[], auditRows: readonly Item[], seeded: readonly Item[] = []): string[] {
  const byKey = (all: readonly Item[]) =>
    new Map(all.map((item) => [textOf(itemOf([['id', item['id'] as Value]])), item]));
  const [stored, begun] = [byKey(items), byKey(seeded)];
  const changes = changesOf(auditRows);
  const keys = new Set([...stored.keys(), ...begun.keys(), ...changes.map(({ key }) => key)]);
  return [...keys].flatMap((key) => {
    const own = changes.filter((change) => change.key === key);
    return follow(own, textOf(begun.get(key)), textOf(stored.get(key))).map((fault) => `${key}: ${fault}`);
  });
}

/**
 * An item lives from its creation to its deletion, one life after another. Each life is a chain of changes; of all lives one
 * at most has not ended, and is what the table holds. In which order creations and deletions followed each other no row tells.
 */
function follow(changes: readonly Change[], seeded: string, stored: string): string[] {
  const left = new Map<string, Change[]>();
  for (const change of changes) left.set(change.before, [...(left.get(change.before) ?? []), change]);
  const births = left.get(ABSENT) ?? [];
  left.delete(ABSENT);
  const starts = [...(seeded === ABSENT ? [] : [seeded]), ...births.map(({ after }) => after)];
  const faults: string[] = [];
  const ends = starts.map((start) => {
    let state = start;
    for (let next = left.get(state); next; next = left.get(state)) {
      left.delete(state);
      if (next.length > 1) faults.push(`${next.length} changes of one state: ${state}`);
      state = next.at(-1)?.after ?? ABSENT;
    }
    return state;
  });
  const open = ends.filter((end) => end !== ABSENT);
  if (open.length > 1) faults.push('it was created where it was not absent');
  if (left.size > 0) faults.push(`changes of what nothing left: ${[...left.keys()].join(', ')}`);
  if ((open[0] ?? ABSENT) !== stored) faults.push(`its audit leaves ${open[0] ?? ABSENT}, the table holds ${stored}`);
  return faults;
}
