// Parses a text of a query string to values: one of the declared type, or one of every type that the text may mean.

import { quote } from '../base/errors.ts';
import { canonicalNumber } from '../base/number.ts';
import type { Path } from '../base/path.ts';
import type { Value } from '../base/value.ts';
import type { AttributeType, Table } from '../definition/table.ts';

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The values that a text may mean, or the message of its fault. */
export type Readings = readonly Value[] | string;

/** Returns the declared type of a path; `undefined` if none is declared, or the attribute is hidden. */
export function declaredType(table: Pick<Table, 'attributes'>, path: Path): AttributeType | undefined {
  const declared = path.length === 1 ? table.attributes.get(path[0]) : undefined;
  return declared?.hidden ? undefined : declared?.type;
}

/** Parses a text as the declared type. `'1.0'` as a number → `[{ N: '1' }]`. */
export function readDeclared(text: string, type: AttributeType): Readings {
  if (type === 'string') return [{ S: text }];
  if (type === 'boolean') {
    return text === 'true' || text === 'false' ? [{ BOOL: text === 'true' }] : `${quote(text)} is not true or false`;
  }
  return readNumber(text) ?? `${quote(text)} is no number of at most 38 digits`;
}

function readNumber(text: string): readonly Value[] | undefined {
  const number = JSON_NUMBER.test(text) ? canonicalNumber(text) : undefined;
  return number === undefined ? undefined : [{ N: number }];
}

/** Parses a text for equality with an undeclared attribute. `1` → `[{ S: '1' }, { N: '1' }]`, `"1"` → `[{ S: '1' }]`. */
export function readBoth(text: string): Readings {
  const quoted = unquote(text);
  if (quoted !== undefined) return [{ S: quoted }];
  if (text === 'true' || text === 'false') return [{ S: text }, { BOOL: text === 'true' }];
  if (text === 'null') return [{ S: text }, { NULL: true }];
  if (!JSON_NUMBER.test(text)) return [{ S: text }];
  const number = readNumber(text);
  return number ? [{ S: text }, ...number] : `${quote(text)} is beyond 38 digits, or beyond 1E-130 … 9.99E+125`;
}

/** Parses a text for an ordered comparison with an undeclared attribute. `1` → `[{ N: '1' }]`, `true` → `[{ S: 'true' }]`. */
export function readOrdered(text: string): Readings {
  const readings = readBoth(text);
  if (typeof readings === 'string') return readings;
  const number = readings.find((value) => 'N' in value);
  return [number ?? (readings[0] as Value)];
}

/** Parses a text, without the double quotes around it if there are any. `"a"` → `[{ S: 'a' }]`. */
export function readText(text: string): Readings {
  return [{ S: unquote(text) ?? text }];
}

function unquote(text: string): string | undefined {
  if (!text.startsWith('"') || !text.endsWith('"')) return undefined;
  try {
    return JSON.parse(text) as string;
  } catch {
    // Keep quotes that do not enclose one JSON text, as in `"a" and "b"`.
  }
}
