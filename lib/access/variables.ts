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
  return {
    get: (name) =>
      name.startsWith(CLAIM) ? principal.claims.get(name.slice(CLAIM.length)) : VARIABLES.get(name)?.(principal, now),
  };
}

const text = (value: string | undefined): Value | undefined => (value === undefined ? undefined : { S: value });
const VARIABLES: ReadonlyMap<string, (principal: Principal, now: number) => Value | undefined> = new Map([
  ['user.id', ({ id }) => text(id)],
  ['user.username', ({ username }) => text(username)],
  ['user.name', ({ name }) => text(name)],
  ['user.email', ({ email }) => text(email)],
  ['user.groups', ({ groups }) => ({ L: groups.map((id) => ({ S: id })) })],
  ['now', (_, now) => text(new Date(now).toISOString())],
  ['now.epoch', (_, now) => ({ N: String(Math.floor(now / 1000)) })],
]);
