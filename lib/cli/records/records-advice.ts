// How to mend a record that is refused: one instruction for each fault.

import type { RecordFault, RecordFaultCode } from '../../access/record-fault.ts';
import { AUTH_ATTRIBUTES, GROUP_ATTRIBUTES, KINDS } from '../../access/records.ts';
import { attribute, type Item } from '../../base/value.ts';
import { nearest } from '../../condition/nearest.ts';

type Table = 'auth' | 'groups';
type Fix = (fault: RecordFault, item: Item, table: Table) => string;

const FIXES: Readonly<Record<RecordFaultCode, Fix>> = {
  missing_id: missingId,
  missing_type: missingType,
  missing_for_key: ({ path }) => `add ${path}, or set type to USERNAME or OIDC_GROUP if it is no key`,
  missing_part: ({ path }) => `add ${path}`,
  unknown_type: (_, item) => `write ${nearestKind(item)}, or another of ${KINDS.join(', ')}`,
  unknown_attribute: unknownAttribute,
  proxy_without_key: () => 'take it out, or set type to API_KEY if this is the key of the proxy',
  not_text: ({ path }) => `write ${path} as text that is not empty`,
  not_flag: ({ path }) => `write ${path} as the boolean true or false, not as text or a number`,
  not_seconds: () => 'write the time as a number of seconds since 1970, such as 1798761600',
  not_texts: ({ path }) => `write ${path} as a list of texts, such as ["a", "b"]`,
  not_list: ({ path }) => `write ${path} as a list; one element is a list too: [ … ]`,
  not_path: () => 'name attributes only: a.b means b inside a, and inside every element of a list a',
  not_endpoint: () => 'write { "method": "GET", "endpoint": "/items" }',
  not_method: () => 'write methods in capitals, joined by "|": GET|POST',
  not_pattern: noPattern,
  filter: filterFix,
};

export function advice(fault: RecordFault, item: Item, table: Table): string {
  return FIXES[fault.code](fault, item, table);
}

/** By the words of a filter's fault, which has no code of its own: the first that fits. */
const FILTER_FIXES: readonly (readonly [message: RegExp, fix: (words: RegExpExecArray, path: string) => string])[] = [
  [
    /"(?:length|regex)[^"]*" is no operator/,
    () => 'it is not supported: keep what it decides in an attribute of its own, and filter on that',
  ],
  [/is no (?:operator|variable|table); did you mean (.+)\?$/, ([, name]) => `write ${name}`],
  [/is no (?:variable|table)/, () => "take one of the API definition's, or take the filter out"],
  [/^"\[.*\]" is no value for/, () => 'write the list itself, not its JSON text'],
  [/is no value for \w+; it takes (.+)$/, ([, allowed]) => `write ${allowed}`],
  [/^is no attribute path/, () => 'write the path as a.b[0].c'],
  [
    /^is no key of a filter/,
    () => 'take it out; a filter has field, operator, value and table, or any, all or not alone',
  ],
  [/stands alone$/, (_, path) => `put what stands at ${path} into an element of the list`],
  [/^is missing/, (_, path) => `add ${path}`],
];

function filterFix(fault: RecordFault): string {
  for (const [message, fix] of FILTER_FIXES) {
    const words = message.exec(fault.message);
    if (words) return fix(words, fault.path);
  }
  return asItSays(fault);
}

function asItSays({ path }: RecordFault): string {
  return `correct ${path || 'the record'}, as the message says`;
}

/** The fix for a record without type that may be a person or a group of the identity provider. */
function missingType(): string {
  return 'write type USERNAME for a person or OIDC_GROUP for a group of tokens; --fix --type writes one of them for all';
}

function nearestKind(item: Item): string {
  const type = attribute(item, 'type');
  return (type && 'S' in type && nearest(type.S, KINDS)) || 'API_KEY';
}

function missingId({ path }: RecordFault, item: Item): string {
  if (path === 'group_id' && attribute(item, 'id'))
    return "copy it into a table with the key group_id: Scoutr's Python package keys its groups by id";
  return path === 'id' ? 'give it the id of the API key, the username or the group it is for' : `give it a ${path}`;
}

function unknownAttribute({ path }: RecordFault, item: Item, table: Table): string {
  if (table === 'groups' && path === 'id' && !attribute(item, 'group_id')) return 'call it group_id';
  const close = nearest(path, table === 'auth' ? AUTH_ATTRIBUTES : GROUP_ATTRIBUTES);
  return `if it is misspelt, write ${close}; else take it out, or call it x_${path} to keep it for yourself`;
}

/** The fix for a text that is no valid pattern of endpoints. */
function noPattern(fault: RecordFault): string {
  if (!/is no regular expression/.test(fault.message)) return asItSays(fault);
  return /\(\?<?[=!]/.test(fault.message)
    ? 'say it without looking ahead or behind: list the paths that are permitted'
    : 'write a regular expression of RE2; a literal "(", "[", "?" or "*" has a backslash before it';
}
