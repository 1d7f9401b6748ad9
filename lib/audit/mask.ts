// Sensitive attributes are `"***"` wherever they stand in an audit row. A name that only looks like a sensitive one (`SSN`,
// `ssn` with a control character, fullwidth letters) is masked too: who mistypes a name sends the value all the same.

import { memoByObject } from '../base/memo.ts';
import { type Item, itemOf, type Value } from '../base/value.ts';
import type { Table } from '../definition/table.ts';

const MASK = '***';
/** Control, format, unassigned and other ignorable characters, and every space. */
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;
const BEYOND_ASCII = /[^\0-\x7f]/gu;
/** A character with which a name goes on. */
const IN_NAME = /[\p{L}\p{N}\p{M}_-]/u;
const WHERE = '_WHERE';

/** The names of the sensitive attributes of some tables. */
export function sensitiveNames(tables: readonly Table[]): readonly string[] {
  const all = tables.flatMap(({ attributes }) => [...attributes]);
  return all.flatMap(([name, attribute]) => (attribute.sensitive ? [name] : []));
}

/** Whether a name is a sensitive one, or looks like it. */
export function isSensitive(name: string, sensitive: readonly string[]): boolean {
  return sensitive.length > 0 && looksOf(sensitive).has(lookOf(name));
}

/** The item with every sensitive attribute masked. */
export function maskItem(item: Item, sensitive: readonly string[]): Item {
  const masked = (name: string, value: Value): Value => (isSensitive(name, sensitive) ? { S: MASK } : value);
  return itemOf(Object.entries(item).map(([name, value]) => [name, masked(name, value)]));
}

/** The body of a request with every sensitive name masked at any depth: it need not have the form of an item. */
export function maskBody(body: Value, sensitive: readonly string[]): Value {
  if ('L' in body) return { L: body.L.map((element) => maskBody(element, sensitive)) };
  if (!('M' in body)) return body;
  const entries = Object.entries(maskItem(body.M, sensitive));
  return { M: itemOf(entries.map(([name, value]) => [name, maskBody(value, sensitive)])) };
}

/** The value of a query or path parameter, masked if its path names a sensitive attribute, or its text may hold one. */
export function maskParameter(name: string, value: string, sensitive: readonly string[]): string {
  if (sensitive.length === 0) return value;
  const isMasked = lookOf(name) === WHERE || namesOne(name, sensitive) || isFilterOnOne(value, sensitive);
  return isMasked ? MASK : value;
}

/** A filter under another name than `_where`. */
function isFilterOnOne(text: string, sensitive: readonly string[]): boolean {
  return text.includes('{') && namesOne(text, sensitive);
}

/** What is not seen may stand in the name or beside it. */
function namesOne(text: string, sensitive: readonly string[]): boolean {
  const looks = [lookOf(text), ...text.split(UNSEEN).map(lookOf)];
  const isNamed = (name: string) => looks.some((look) => isNamedIn(look, name));
  return isSensitive(text, sensitive) || [...looksOf(sensitive)].some(isNamed);
}

const looksOf = memoByObject((names: readonly string[]): ReadonlySet<string> => new Set(names.map(lookOf)));

/**
 * One text for all that look alike: without case, compatibility forms and what is not seen.
 * Characters are decomposed one by one: a long run of combining marks costs their whole text's normal form its square.
 */
function lookOf(name: string): string {
  const plain = name.replace(BEYOND_ASCII, (character) => character.normalize('NFKD'));
  return plain.replace(UNSEEN, '').toUpperCase();
}

/** Whether a name stands in a text whole: in a path (`after.secret`), before an operator, behind a `__`, in JSON. */
function isNamedIn(text: string, name: string): boolean {
  // An empty name would be found at the end of the text for ever.
  for (let at = name === '' ? -1 : text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const end = at + name.length;
    if (isEdge(text.charAt(at - 1), text.endsWith('__', at)) && isEdge(text.charAt(end), text.startsWith('__', end)))
      return true;
  }
  return false;
}

/** @param beside the character beside a name, or empty @param isParted whether `__` stands there */
function isEdge(beside: string, isParted: boolean): boolean {
  return isParted || !IN_NAME.test(beside);
}
