// How to mend a record that is refused: one instruction for each fault.

import { AUTH_ATTRIBUTES, GROUP_ATTRIBUTES, KINDS } from '../../access/records.ts';
import type { Fault } from '../../base/errors.ts';
import { attribute, type Item } from '../../base/value.ts';
import { nearest } from '../../condition/nearest.ts';

type Table = 'auth' | 'groups';
type Advice = readonly [message: RegExp, fix: (fault: Fault, item: Item, table: Table) => string];

/** By the words of the fault, the first that fits. */
const ADVICE: readonly Advice[] = [
  [/^is missing; add one of/, missingType],
  [/^must be one of API_KEY/, (_, item) => `write ${nearestKind(item)}, or another of ${KINDS.join(', ')}`],
  [/^is required$/, missingId],
  [/^is required for an API_KEY/, ({ path }) => `add ${path}, or set type to USERNAME or OIDC_GROUP if it is no key`],
  [/^is not known; the attributes/, unknownAttribute],
  [/^is for an API_KEY only/, () => 'take it out, or set type to API_KEY if this is the key of the proxy'],
  [/^must be a list of texts/, ({ path }) => `write ${path} as a list of texts, such as ["a", "b"]`],
  [/^must be a list$/, ({ path }) => `write ${path} as a list; one element is a list too: [ … ]`],
  [/^must be true or false/, ({ path }) => `write ${path} as the boolean true or false, not as text or a number`],
  [/^must be a number of seconds/, () => 'write the time as a number of seconds since 1970, such as 1798761600'],
  [/^must be text/, ({ path }) => `write ${path} as text that is not empty`],
  [/is no path;/, () => 'name attributes only: a.b means b inside a, and inside every element of a list a'],
  [/is no method;/, () => 'write methods in capitals, joined by "|": GET|POST'],
  [/is no regular expression/, noExpression],
  [
    /"(?:length|regex)[^"]*" is no operator/,
    () => 'it is not supported: keep what it decides in an attribute of its own, and filter on that',
  ],
  [/is no operator; did you mean (\w+)\?/, ({ message }) => `write ${/did you mean (\w+)\?/.exec(message)?.[1]}`],
  [
    /is no (?:variable|table); did you mean (.+)\?$/,
    ({ message }) => `write ${/did you mean (.+)\?$/.exec(message)?.[1]}`,
  ],
  [/is no (?:variable|table)/, () => "take one of the API definition's, or take the filter out"],
  [/^"\[.*\]" is no value for/, () => 'write the list itself, not its JSON text'],
  [/is no value for \w+; it takes (.+)$/, ({ message }) => `write ${/it takes (.+)$/.exec(message)?.[1]}`],
  [/^is no attribute path/, () => 'write the path as a.b[0].c'],
  [
    /^is no key of a filter/,
    () => 'take it out; a filter has field, operator, value and table, or any, all or not alone',
  ],
  [/stands alone$/, ({ path }) => `put what stands at ${path} into an element of the list`],
  [/^is missing/, ({ path }) => `add ${path}`],
  [/^is required:/, ({ path }) => `add ${path}`],
  [/^must be an object/, () => 'write { "method": "GET", "endpoint": "/items" }'],
];

export function advice(fault: Fault, item: Item, table: Table): string {
  const found = ADVICE.find(([message]) => message.test(fault.message));
  return found ? found[1](fault, item, table) : `correct ${fault.path || 'the record'}, as the message says`;
}

/** Whether a record of neither kind is a person or a group of the identity provider, nothing in it tells for sure. */
function missingType(): string {
  return 'write type USERNAME for a person or OIDC_GROUP for a group of tokens; --fix --type writes one of them for all';
}

function nearestKind(item: Item): string {
  const type = attribute(item, 'type');
  return (type && 'S' in type && nearest(type.S, KINDS)) || 'API_KEY';
}

function missingId({ path }: Fault, item: Item): string {
  if (path === 'group_id' && attribute(item, 'id'))
    return "copy it into a table with the key group_id: Scoutr's Python package keys its groups by id";
  return path === 'id' ? 'give it the id of the API key, the username or the group it is for' : `give it a ${path}`;
}

function unknownAttribute({ path }: Fault, item: Item, table: Table): string {
  if (table === 'groups' && path === 'id' && !attribute(item, 'group_id')) return 'call it group_id';
  const close = nearest(path, table === 'auth' ? AUTH_ATTRIBUTES : GROUP_ATTRIBUTES);
  return `if it is misspelt, write ${close}; else take it out, or call it x_${path} to keep it for yourself`;
}

function noExpression({ message }: Fault): string {
  return /\(\?[=!<]/.test(message)
    ? 'say it without looking ahead or behind: list the paths that are permitted'
    : 'write a regular expression of RE2; a literal "(", "[", "?" or "*" has a backslash before it';
}
