// Converts JSON text to values and back without loss: numbers keep up to 38 digits, duplicate keys are refused, and every key
// is an ordinary name.

import type { Fault } from './errors.ts';
import { JsonFault, JsonReader } from './json-reader.ts';
import { canonicalNumber } from './number.ts';
import type { Item, Value } from './value.ts';

/** The result of a parser: the value, or the faults of its input. */
export type Parsed<T> = { readonly value: T } | { readonly faults: readonly Fault[] };

/** Parses JSON text: `[1]` → `{ L: [{ N: '1' }] }`. A fault is the first in the text; its path is empty for the whole text. */
export function parseJson(text: string): { readonly value: Value } | { readonly faults: readonly [Fault] } {
  try {
    return { value: new JsonReader(text).document() };
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return { faults: [{ path: error.path, message: error.message }] };
  }
}

/** Prints a value as JSON; sets become lists, binary becomes base64 text. */
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

/** Prints an item as JSON with its names sorted: DynamoDB stores no order, and equal items must print alike. */
export function printItem(item: Item): string {
  let text = '';
  for (const name of Object.keys(item).sort()) {
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${printJson(item[name] as Value)}`;
  }
  return `{${text}}`;
}

function base64(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes).toString('base64'));
}
