// Resolves the variables of records' filters, written `{ "$var": name }`, to the caller's values.

import type { Value } from '../base/value.ts';
import type { Variables } from '../condition/filter.ts';

const CLAIM = 'claims.';

/** The part of a principal that variables take values from. */
export type Person = {
  readonly id: string;
  readonly username: string | undefined;
  readonly name: string | undefined;
  readonly email: string | undefined;
  /** The ids of the records and groups that apply. */
  readonly groups: readonly string[];
  /** The ids that disabled or expired OIDC_GROUP records would add to `groups`: they admit no rows, and restrict as before. */
  readonly closedGroups: readonly string[];
  readonly claims: ReadonlyMap<string, Value>;
};

/** @param now milliseconds since 1970 */
type ValuesOf = (person: Person, now: number) => readonly Value[];

const text = (value: string | undefined): readonly Value[] => (value === undefined ? [] : [{ S: value }]);

/** The variables that change with the time of the request. */
const TIMES: ReadonlyMap<string, ValuesOf> = new Map<string, ValuesOf>([
  ['now', (_, now) => text(new Date(now).toISOString())],
  ['now.epoch', (_, now) => [{ N: String(Math.floor(now / 1000)) }]],
]);

const VARIABLES: ReadonlyMap<string, ValuesOf> = new Map<string, ValuesOf>([
  ['user.id', ({ id }) => text(id)],
  ['user.username', ({ username }) => text(username)],
  ['user.name', ({ name }) => text(name)],
  ['user.email', ({ email }) => text(email)],
  ['user.groups', groupLists],
  ...TIMES,
]);

/** Returns the names of an API's variables. @param claims the claims that policies may use */
export function variablesIn(claims: readonly string[]): readonly string[] {
  return [...VARIABLES.keys(), ...claims.map((claim) => CLAIM + claim)];
}

/** True for a variable that changes with the time of the request. */
export function isTimeOfDay(name: string): boolean {
  return TIMES.has(name);
}

/**
 * Returns the variables of a caller. Values are computed when a filter reads them: most filters read none.
 * @param now milliseconds since 1970
 */
export function variablesOf(person: Person, now: number): Variables {
  const valuesOf = (name: string) => VARIABLES.get(name)?.(person, now);
  return { get: (name) => (name.startsWith(CLAIM) ? claim(person, name.slice(CLAIM.length)) : valuesOf(name)) };
}

function claim({ claims }: Person, name: string): readonly Value[] {
  const value = claims.get(name);
  return value ? [value] : [];
}

/** Returns a second list with the ids of disabled records, if any: a filter must agree on both, so that these admit no rows. */
function groupLists({ groups, closedGroups }: Person): readonly Value[] {
  const list = (ids: readonly string[]): Value => ({ L: ids.map((id) => ({ S: id })) });
  return closedGroups.length === 0 ? [list(groups)] : [list(groups), list([...groups, ...closedGroups])];
}
