// The values that `{ "$var": name }` stands for in the filters of a caller's records.

import type { Value } from '../base/value.ts';
import type { Variables } from '../condition/filter.ts';
import type { Principal } from './principal.ts';

const CLAIM = 'claims.';

/**
 * The variables of a principal. A value is made when a filter asks for it: most filters ask for none.
 * @param now milliseconds since 1970
 */
export function variablesOf(principal: Principal, now: number): Variables {
  const valuesOf = (name: string) => VARIABLES.get(name)?.(principal, now);
  return { get: (name) => (name.startsWith(CLAIM) ? claim(principal, name.slice(CLAIM.length)) : valuesOf(name)) };
}

const text = (value: string | undefined): readonly Value[] => (value === undefined ? [] : [{ S: value }]);
const VARIABLES = new Map<string, (principal: Principal, now: number) => readonly Value[]>([
  ['user.id', ({ id }) => text(id)],
  ['user.username', ({ username }) => text(username)],
  ['user.name', ({ name }) => text(name)],
  ['user.email', ({ email }) => text(email)],
  ['user.groups', groupLists],
  ['now', (_, now) => text(new Date(now).toISOString())],
  ['now.epoch', (_, now) => [{ N: String(Math.floor(now / 1000)) }]],
]);

function claim({ claims }: Principal, name: string): readonly Value[] {
  const value = claims.get(name);
  return value ? [value] : [];
}

/** Two lists where a record is disabled: without its ids and with them, so that they open nothing and restrict as ever. */
function groupLists({ groups, closedGroups }: Principal): readonly Value[] {
  const list = (ids: readonly string[]): Value => ({ L: ids.map((id) => ({ S: id })) });
  return closedGroups.length === 0 ? [list(groups)] : [list(groups), list([...groups, ...closedGroups])];
}
