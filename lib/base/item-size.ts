// Computes the size of an item as DynamoDB counts it, or slightly more: names and text in UTF-8 bytes, numbers by their digits,
// one byte for true, false and null, three bytes for a list or map and one for each of its elements.
// Source: the Developer Guide's page on item sizes and formats.

import type { Item, Value } from './value.ts';

/** The largest item that DynamoDB stores, in bytes. */
export const MAX_ITEM_BYTES = 409_600;

export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

function valueBytes(value: Value): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('B' in value) return value.B.length;
  if ('M' in value) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  if ('L' in value) return sum(value.L, (element) => 1 + valueBytes(element)) + 3;
  if ('SS' in value) return sum(value.SS, (text) => Buffer.byteLength(text));
  if ('NS' in value) return sum(value.NS, numberBytes);
  if ('BS' in value) return sum(value.BS, (bytes) => bytes.length);
  return 1;
}

/** Counts two digits to a byte. They are paired around the decimal point, so that a fraction may need one byte more. */
function numberBytes(text: string): number {
  const digits = text.replace(/[eE].*$/, '').replace(/^-?[0.]*|\D|0+$/g, '').length;
  return Math.ceil(digits / 2) + 1 + (text.startsWith('-') ? 1 : 0) + (/[.E]/.test(text) ? 1 : 0);
}

function sum<T>(elements: readonly T[], bytes: (element: T) => number): number {
  return elements.reduce((total, element) => total + bytes(element), 0);
}
