// Converts values to ordinary JavaScript and back, for the schemas and rules of a definition. A number that a double cannot
// hold exactly becomes a `LosslessNumber`.

import { LosslessNumber } from 'lossless-json';
import { canonicalNumber } from './number.ts';
import { type Item, itemOf, type Value } from './value.ts';

/** Converts a value: `{ N: '1' }` → `1`. Maps become objects without a prototype, sets `Set`s, binary `Uint8Array`s. */
export function toPlain(value: Value): unknown {
  if ('S' in value) return value.S;
  if ('N' in value) return toNumber(value.N);
  if ('BOOL' in value) return value.BOOL;
  if ('NULL' in value) return null;
  if ('L' in value) return value.L.map(toPlain);
  if ('M' in value) return toPlainItem(value.M);
  if ('SS' in value) return new Set(value.SS);
  if ('NS' in value) return new Set(value.NS.map(toNumber));
  if ('BS' in value) return new Set(value.BS);
  return value.B;
}

/** Converts an item, its names sorted as in `printItem`: the order that DynamoDB returns may depend on hidden attributes. */
export function toPlainItem(item: Item): Record<string, unknown> {
  const plain: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(item).sort()) plain[name] = toPlain(item[name] as Value);
  return plain;
}

function toNumber(text: string): number | LosslessNumber {
  const number = Number(text);
  return canonicalNumber(String(number)) === canonicalNumber(text) ? number : new LosslessNumber(text);
}

/** Converts JavaScript: `1` → `{ N: '1' }`. `undefined` if no value corresponds: functions, NaN, mixed sets, other classes. */
export function fromPlain(plain: unknown): Value | undefined {
  if (typeof plain === 'string') return { S: plain };
  if (typeof plain === 'boolean') return { BOOL: plain };
  if (plain === null) return { NULL: true };
  if (typeof plain === 'number' || typeof plain === 'bigint') return numberValue(String(plain));
  if (plain instanceof LosslessNumber) return numberValue(plain.value);
  if (plain instanceof Date) return Number.isNaN(plain.getTime()) ? undefined : { S: plain.toISOString() };
  if (plain instanceof Uint8Array) return { B: plain };
  if (plain instanceof Set) return setValue([...plain].map(fromPlain));
  if (Array.isArray(plain)) return listValue(Array.from(plain, (element: unknown) => fromPlain(element)));
  return typeof plain === 'object' ? mapValue(plain as object) : undefined;
}

function numberValue(text: string): Value | undefined {
  const number = canonicalNumber(text);
  return number === undefined ? undefined : { N: number };
}

function listValue(elements: (Value | undefined)[]): Value | undefined {
  return elements.every((element) => element !== undefined) ? { L: elements } : undefined;
}

function mapValue(plain: object): Value | undefined {
  const prototype = Object.getPrototypeOf(plain);
  if (prototype !== null && prototype !== Object.prototype) return undefined;
  const entries: [string, Value][] = [];
  for (const [name, inner] of Object.entries(plain)) {
    if (inner === undefined) continue;
    const value = fromPlain(inner);
    if (value === undefined) return undefined;
    entries.push([name, value]);
  }
  return { M: itemOf(entries) };
}

function setValue(elements: (Value | undefined)[]): Value | undefined {
  if (elements.length === 0) return undefined;
  const strings = elements.flatMap((element) => (element && 'S' in element ? [element.S] : []));
  if (strings.length === elements.length) return { SS: strings };
  const numbers = elements.flatMap((element) => (element && 'N' in element ? [element.N] : []));
  if (numbers.length === elements.length) return { NS: numbers };
  const bytes = elements.flatMap((element) => (element && 'B' in element ? [element.B] : []));
  return bytes.length === elements.length ? { BS: bytes } : undefined;
}
