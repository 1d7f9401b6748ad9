// The names that `{ "$var": name }` may have in the filters of records, and the values they stand for.

import type { Value } from '../base/value.ts';
import type { Variables } from '../condition/filter.ts';

const CLAIM = 'claims.';

const text = (value: string | undefined): Value | undefined => (value === undefined ? undefined : { S: value });

/** The part of a principal that variables stand for. */
export type Person = {
  readonly id: string;
  readonly username: string | undefined;
  readonly name: string | undefined;
  readonly email: string | undefined;
  /** The ids of the OIDC_GROUP records and groups that apply. */
  readonly groups: readonly string[];
  readonly claims: ReadonlyMap<string, Value>;
};

/** @param now milliseconds since 1970 */
type ValueOf = (person: Person, now: number) => Value | undefined;

/** The variables whose value is another in each request. */
const TIMES: ReadonlyMap<string, ValueOf> = new Map([
  ['now', (_, now) => text(new Date(now).toISOString())],
  ['now.epoch', (_, now) => ({ N: String(Math.floor(now / 1000)) })],
]);

const VARIABLES: ReadonlyMap<string, ValueOf> = new Map<string, ValueOf>([
  ['user.id', ({ id }) => text(id)],
  ['user.username', ({ username }) => text(username)],
  ['user.name', ({ name }) => text(name)],
  ['user.email', ({ email }) => text(email)],
  ['user.groups', ({ groups }) => ({ L: groups.map((id) => ({ S: id })) })],
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
  return {
    get: (name) =>
      name.startsWith(CLAIM) ? person.claims.get(name.slice(CLAIM.length)) : VARIABLES.get(name)?.(person, now),
  };
}
