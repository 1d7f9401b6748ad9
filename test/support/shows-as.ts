// Whether JSON shows a stored value: sets as lists in any order, binary as base64, all else as it is.

import type { Value } from '../../lib/base/value.ts';
import { find, isEqual } from './reference.ts';

export function showsAs(json: Value, stored: Value): boolean {
  if ('B' in stored) return isText(json, stored.B);
  const members = membersOf(stored);
  if (members)
    return (
      'L' in json && json.L.length === members.length && members.every((each) => json.L.some((of) => showsAs(of, each)))
    );
  if ('L' in stored) {
    if (!('L' in json) || json.L.length !== stored.L.length) return false;
    return stored.L.every((each, at) => showsAs(json.L[at] as Value, each));
  }
  if (!('M' in stored)) return isEqual(json, stored);
  const entries = Object.entries(stored.M);
  if (!('M' in json) || Object.keys(json.M).length !== entries.length) return false;
  return entries.every(([name, value]) => {
    const inner = find(json.M, [name]);
    return inner !== undefined && showsAs(inner, value);
  });
}

function isText(json: Value, bytes: Uint8Array): boolean {
  return 'S' in json && json.S === Buffer.from(bytes).toString('base64');
}

function membersOf(value: Value): readonly Value[] | undefined {
  if ('SS' in value) return value.SS.map((S) => ({ S }));
  if ('NS' in value) return value.NS.map((N) => ({ N }));
  return 'BS' in value ? value.BS.map((B) => ({ B })) : undefined;
}
