// Masks sensitive attributes in an audit row: their values become `"***"`. Names that only look like a sensitive one (`SSN`,
// `ssn` with a control character, fullwidth letters) are masked too, as a mistyped name comes with the same value.

import { memoByObject } from '../base/memo.ts';
import { type Item, itemOf, type Value } from '../base/value.ts';
import type { Table } from '../definition/table.ts';

const MASK = '***';
/** Matches control, format, unassigned and other ignorable characters, and every space. */
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;
const BEYOND_ASCII = /[^\0-\x7f]/gu;
/** Matches a character that may be part of a name. */
const IN_NAME = /[\p{L}\p{N}\p{M}_-]/u;
const WHERE = '_WHERE';

/** Returns the names of the sensitive attributes of some tables. */
export function sensitiveNames(tables: readonly Table[]): readonly string[] {
  const all = tables.flatMap(({ attributes }) => [...attributes]);
  return all.flatMap(([name, attribute]) => (attribute.sensitive ? [name] : []));
}

/** True if a name is a sensitive one, or looks like it. */
export function isSensitive(name: string, sensitive: readonly string[]): boolean {
  return sensitive.length > 0 && looksOf(sensitive).has(lookOf(name));
}

/** Masks every sensitive attribute of an item. */
export function maskItem(item: Item, sensitive: readonly string[]): Item {
  const masked = (name: string, value: Value): Value => (isSensitive(name, sensitive) ? { S: MASK } : value);
  return itemOf(Object.entries(item).map(([name, value]) => [name, masked(name, value)]));
}

/** Masks every sensitive name of a request's body at any depth, as the body may not have the form of an item. */
export function maskBody(body: Value, sensitive: readonly string[]): Value {
  if ('L' in body) return { L: body.L.map((element) => maskBody(element, sensitive)) };
  if (!('M' in body)) return body;
  const entries = Object.entries(maskItem(body.M, sensitive));
  return { M: itemOf(entries.map(([name, value]) => [name, maskBody(value, sensitive)])) };
}

/** Masks the value of a query or path parameter if its path names a sensitive attribute, or its text may have one. */
export function maskParameter(name: string, value: string, sensitive: readonly string[]): string {
  if (sensitive.length === 0) return value;
  const isMasked = lookOf(name) === WHERE || namesOne(name, sensitive) || isFilterOnOne(value, sensitive);
  return isMasked ? MASK : value;
}

/** True for a filter that names a sensitive attribute, under another parameter than `_where`. */
function isFilterOnOne(text: string, sensitive: readonly string[]): boolean {
  return text.includes('{') && namesOne(text, sensitive);
}

/** True if a text names a sensitive attribute; unseen characters may stand in the name or next to it. */
function namesOne(text: string, sensitive: readonly string[]): boolean {
  const looks = [lookOf(text), ...text.split(UNSEEN).map(lookOf)];
  const isNamed = (name: string) => looks.some((look) => isNamedIn(look, name));
  return isSensitive(text, sensitive) || [...looksOf(sensitive)].some(isNamed);
}

const looksOf = memoByObject((names: readonly string[]): ReadonlySet<string> => new Set(names.map(lookOf)));

/**
 * Returns one text for all names that look alike, without case, compatibility forms and invisible characters. `ｓｓｎ ` → `SSN`.
 * It normalizes character by character: to normalize a whole text takes quadratic time in a run of combining marks.
 */
function lookOf(name: string): string {
  const plain = name.replace(BEYOND_ASCII, (character) => character.normalize('NFKD'));
  return plain.replace(UNSEEN, '').toUpperCase();
}

/** True if a text has a name as a whole word: in a path (`after.secret`), before an operator, after a `__`, in JSON. */
function isNamedIn(text: string, name: string): boolean {
  // Skip an empty name: it would be found at the end of the text forever.
  for (let at = name === '' ? -1 : text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const end = at + name.length;
    if (isEdge(text.charAt(at - 1), text.endsWith('__', at)) && isEdge(text.charAt(end), text.startsWith('__', end)))
      return true;
  }
  return false;
}

/** True if a name ends here. @param beside the adjacent character, or empty @param isParted true if `__` is adjacent */
function isEdge(beside: string, isParted: boolean): boolean {
  return isParted || !IN_NAME.test(beside);
}
