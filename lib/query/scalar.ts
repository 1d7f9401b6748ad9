// Reads text of a query string as a value: as the declared type, or as every type the text may mean.

import { quote } from '../base/errors.ts';
import { canonicalNumber } from '../base/number.ts';
import type { Path } from '../base/path.ts';
import type { Value } from '../base/value.ts';
import type { AttributeType, Table } from '../definition/table.ts';

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The values a text may mean, or what is wrong with it. */
export type Readings = readonly Value[] | string;

/** The type the table's definition declares for a path, if it declares one; of a hidden attribute nothing is told. */
export function declaredType(table: Pick<Table, 'attributes'>, path: Path): AttributeType | undefined {
  const declared = path.length === 1 ? table.attributes.get(path[0]) : undefined;
  return declared?.hidden ? undefined : declared?.type;
}

/** The text read as the declared type: one value. */
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

/** Text of an undeclared attribute for equality: text that is JSON of a scalar means both, `"quoted"` means text only. */
export function readBoth(text: string): Readings {
  const quoted = unquote(text);
  if (quoted !== undefined) return [{ S: quoted }];
  if (text === 'true' || text === 'false') return [{ S: text }, { BOOL: text === 'true' }];
  if (text === 'null') return [{ S: text }, { NULL: true }];
  if (!JSON_NUMBER.test(text)) return [{ S: text }];
  const number = readNumber(text);
  return number ? [{ S: text }, ...number] : `${quote(text)} is beyond 38 digits, or beyond 1E-130 … 9.99E+125`;
}

/** Text of an undeclared attribute for an ordered comparison: a JSON number is a number, all else text. */
export function readOrdered(text: string): Readings {
  const readings = readBoth(text);
  if (typeof readings === 'string') return readings;
  const number = readings.find((value) => 'N' in value);
  return [number ?? (readings[0] as Value)];
}

/** Text that may stand in double quotes. */
export function readText(text: string): Readings {
  return [{ S: unquote(text) ?? text }];
}

function unquote(text: string): string | undefined {
  if (!text.startsWith('"') || !text.endsWith('"')) return undefined;
  try {
    return JSON.parse(text) as string;
  } catch {
    // The quotes are part of the text, as in `"a" and "b"`.
  }
}
