// The audit as its reader would replay it: what every change found and left, from its row alone.

import { attribute, type Item, itemOf, type Value } from '../../lib/base/value.ts';

/** A change of one item. `at` is its table and key. */
export type Change = {
  readonly at: string;
  readonly time: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
};

function mapOf(row: Item, name: string): Item | undefined {
  const value = attribute(row, name);
  return value && 'M' in value ? value.M : undefined;
}

function textOf(value: Value | undefined): string {
  return value && 'S' in value ? value.S : '';
}

/** The changes among stored audit rows, by their times. Their images are plain: none was too large. */
export function changesIn(rows: readonly Item[]): readonly Change[] {
  const changes = rows.flatMap((row): readonly Change[] => {
    const [after, changed] = [mapOf(row, 'after'), mapOf(row, 'before')];
    const resource = mapOf(row, 'resource');
    if (!after && !changed) return [];
    const at = `${textOf(resource?.['table'])} ${JSON.stringify(Object.values(mapOf(resource ?? {}, 'key') ?? {}))}`;
    return [{ at, time: textOf(attribute(row, 'time')), before: wholeBefore(row, after, changed), after }];
  });
  return changes.toSorted((one, other) => (one.time < other.time ? -1 : 1));
}

function wholeBefore(row: Item, after: Item | undefined, changed: Item | undefined): Item | undefined {
  if (!after || !changed) return changed;
  const added = attribute(row, 'added');
  const names = added && 'L' in added ? added.L.map(textOf) : [];
  const kept = Object.entries(after).filter(([name]) => !names.includes(name));
  return itemOf([...kept, ...Object.entries(changed)]);
}
