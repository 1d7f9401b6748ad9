// Defines equality and order of values as DynamoDB does. Equal values have equal keys, so that values can be looked up in sets
// and maps.

import { canonicalNumber, compareNumbers } from '../base/number.ts';
import type { Item, Value } from '../base/value.ts';

/** Returns a text that two values share exactly if DynamoDB holds them equal: 1.0 is 1, and sets and maps have no order. */
export function valueKey(value: Value): string {
  if ('S' in value) return `S${JSON.stringify(value.S)}`;
  if ('N' in value) return `N${numberKey(value.N)}`;
  if ('BOOL' in value) return String(value.BOOL);
  // Stryker disable next-line StringLiteral: any text will do that no other value has.
  if ('NULL' in value) return 'null';
  if ('B' in value) return `B${binaryKey(value.B)}`;
  if ('L' in value) return `L[${value.L.map(valueKey).join()}]`;
  if ('M' in value) return `M{${mapKey(value.M)}}`;
  if ('SS' in value) return `SS[${setKey(value.SS.map((text) => JSON.stringify(text)))}]`;
  if ('NS' in value) return `NS[${setKey(value.NS.map(numberKey))}]`;
  return `BS[${setKey(value.BS.map(binaryKey))}]`;
}

export function numberKey(text: string): string {
  return canonicalNumber(text) ?? text;
}

export function binaryKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function setKey(members: string[]): string {
  return [...new Set(members)].sort().join();
}

function mapKey(map: Item): string {
  return Object.keys(map)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${valueKey(map[name] as Value)}`)
    .join();
}

/** Returns a negative number, zero or a positive one; `undefined` if DynamoDB has no order: only S, N and B have one each. */
export function compareValues(left: Value, right: Value): number | undefined {
  if ('S' in left && 'S' in right) return compareTexts(left.S, right.S);
  if ('N' in left && 'N' in right) return compareNumbers(left.N, right.N);
  if ('B' in left && 'B' in right) return Buffer.compare(left.B, right.B);
  return undefined;
}

/** Compares texts by their UTF-8 bytes. That is the order of code points, in which surrogate halves come after all others. */
export function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i += 1) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return codePointRank(a) - codePointRank(b);
  }
  return left.length - right.length;
}

function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
