// The names that `{ "$var": name }` may have in the filters of records, and the values they stand for.

import type { Value } from '../base/value.ts';
import type { Variables } from '../condition/filter.ts';

const CLAIM = 'claims.';

/** The part of a principal that variables stand for. */
export type Person = {
  readonly id: string;
  readonly username: string | undefined;
  readonly name: string | undefined;
  readonly email: string | undefined;
  /** The ids of the records and groups that apply. */
  readonly groups: readonly string[];
  /** The ids that disabled or expired OIDC_GROUP records would add: they open nothing, and restrict as ever. */
  readonly closedGroups: readonly string[];
  readonly claims: ReadonlyMap<string, Value>;
};

/** @param now milliseconds since 1970 */
type ValuesOf = (person: Person, now: number) => readonly Value[];

const text = (value: string | undefined): readonly Value[] => (value === undefined ? [] : [{ S: value }]);

/** The variables whose value is another in each request. */
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

/** The names of the variables that an API has. @param claims the claims that policies may use */
export function variablesIn(claims: readonly string[]): readonly string[] {
  return [...VARIABLES.keys(), ...claims.map((claim) => CLAIM + claim)];
}

/** True for variables whose value is another in each request. */
export function isTimeOfDay(name: string): boolean {
  return TIMES.has(name);
}

/**
 * The variables of a caller. A value is made when a filter asks for it: most filters ask for none.
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

/** Two lists where a record is disabled: without its ids and with them, so that they open nothing and restrict as ever. */
function groupLists({ groups, closedGroups }: Person): readonly Value[] {
  const list = (ids: readonly string[]): Value => ({ L: ids.map((id) => ({ S: id })) });
  return closedGroups.length === 0 ? [list(groups)] : [list(groups), list([...groups, ...closedGroups])];
}
