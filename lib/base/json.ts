// JSON text ↔ values, without loss: numbers keep up to 38 digits, duplicate keys are refused, every key is an ordinary name.

import { parse } from 'lossless-json';
import type { Fault } from './errors.ts';
import { canonicalNumber } from './number.ts';
import { printPath } from './path.ts';
import { type Item, itemOf, type Value } from './value.ts';

/** What a parser gives: the value, or what is wrong with the text. */
export type Parsed<T> = { readonly value: T } | { readonly faults: readonly Fault[] };

/** Deepest nesting of lists and maps that DynamoDB stores, the item itself included. */
export const MAX_NESTING = 32;

class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A value from JSON text. Faults carry the path inside the text, or `` for the text as a whole. */
export function parseJson(text: string): Parsed<Value> {
  if (nesting(text) > MAX_NESTING) return fault('', `nested more than ${MAX_NESTING} levels deep; flatten it`);
  let tree: unknown;
  try {
    tree = parse(text, undefined, { parseNumber: (digits) => new NumberText(digits), onDuplicateKey: refuseDuplicate });
  } catch (error) {
    return fault('', `is not valid JSON: ${(error as Error).message}`);
  }
  const faults: Fault[] = [];
  const value = toValue(tree, [], faults);
  return faults.length > 0 ? { faults } : { value };
}

function refuseDuplicate({ key }: { key: string }): never {
  throw new SyntaxError(`the key ${JSON.stringify(key)} stands twice in one object`);
}

function fault(path: string, message: string): Parsed<never> {
  return { faults: [{ path, message }] };
}

/** Depth of brackets outside strings: counted before parsing, so that no text can exhaust the stack. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (char === '"') i = endOfString(text, i);
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth -= 1;
  }
  return deepest;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}

function toValue(tree: unknown, path: (string | number)[], faults: Fault[]): Value {
  if (typeof tree === 'string') return toText(tree, path, faults);
  if (typeof tree === 'boolean') return { BOOL: tree };
  if (tree === null) return { NULL: true };
  if (tree instanceof NumberText) return toNumber(tree.text, path, faults);
  if (Array.isArray(tree)) return { L: tree.map((element, i) => toValue(element, [...path, i], faults)) };
  const entries = Object.entries(tree as object);
  for (const [name] of entries) toText(name, path, faults);
  return { M: itemOf(entries.map(([name, inner]) => [name, toValue(inner, [...path, name], faults)])) };
}

/** Half a surrogate pair cannot be stored: DynamoDB would keep another text than the caller sent. */
function toText(text: string, path: (string | number)[], faults: Fault[]): Value {
  if (!text.isWellFormed())
    faults.push({ path: printPath(path), message: 'holds half a surrogate pair, which is no text' });
  return { S: text };
}

function toNumber(text: string, path: (string | number)[], faults: Fault[]): Value {
  const number = canonicalNumber(text);
  if (number === undefined) {
    const message = 'is a number DynamoDB cannot hold; at most 38 digits, between 1E-130 and 9.99E+125';
    faults.push({ path: printPath(path), message });
  }
  return { N: number ?? '0' };
}

/** JSON text of a value; sets become lists, binary becomes base64 text. */
export function printJson(value: Value): string {
  if ('S' in value) return JSON.stringify(value.S);
  if ('N' in value) return canonicalNumber(value.N) ?? value.N;
  if ('BOOL' in value) return value.BOOL ? 'true' : 'false';
  if ('M' in value) return printItem(value.M);
  if ('L' in value) return `[${value.L.map(printJson).join(',')}]`;
  if ('SS' in value) return JSON.stringify(value.SS);
  if ('NS' in value) return `[${value.NS.map((number) => printJson({ N: number })).join(',')}]`;
  if ('B' in value) return base64(value.B);
  if ('BS' in value) return `[${value.BS.map(base64).join(',')}]`;
  return 'null';
}

/** JSON text of an item. */
export function printItem(item: Item): string {
  let text = '';
  for (const [name, value] of Object.entries(item)) {
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${printJson(value)}`;
  }
  return `{${text}}`;
}

function base64(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes).toString('base64'));
}
