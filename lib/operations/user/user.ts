// Answers GET of the caller's own principal, without filters and exclusions, as they name hidden attributes.

import type { Principal } from '../../access/principal.ts';
import { type Item, itemOf, type Value } from '../../base/value.ts';
import { parseReserved } from '../../query/query.ts';
import type { Operate } from '../request/request-context.ts';

export const user: Operate = ({ call, permission }) => {
  parseReserved(call.query, []);
  const body = { M: userItem(permission.principal) };
  return Promise.resolve({ answer: { kind: 'ok', body }, audit: 'due' });
};

function userItem(principal: Principal): Item {
  const { id, kind, name, email, groups } = principal;
  const fields: readonly (readonly [string, Value | undefined])[] = [
    ['id', { S: id }],
    ['kind', { S: kind }],
    ['name', name === undefined ? undefined : { S: name }],
    ['email', email === undefined ? undefined : { S: email }],
    ['groups', { L: groups.map((group) => ({ S: group })) }],
    ['permitted_endpoints', { L: endpointsOf(principal) }],
  ];
  return itemOf(fields.flatMap(([field, value]) => (value ? [[field, value] as const] : [])));
}

/** The patterns that any grant permits, each once: one grant suffices to permit a request. */
function endpointsOf({ own, oidcGrants }: Principal): readonly Value[] {
  const all = [...(own ? [own] : []), ...oidcGrants].flatMap(({ endpoints }) => endpoints);
  const byText = new Map(all.map(({ method, endpoint }) => [`${method} ${endpoint}`, { method, endpoint }]));
  return [...byText.values()].map(({ method, endpoint }) => ({
    M: itemOf([
      ['method', { S: method }],
      ['endpoint', { S: endpoint }],
    ]),
  }));
}
