// What a condition means, as plainly as it can be written: the judge of the evaluator and of the compiler, with which it
// shares no line. Slow, and of use to tests only.
// Source: the DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions" and "Supported data
// types and naming rules".

import type { Path } from '../../lib/base/path.ts';
import type { Item, Value } from '../../lib/base/value.ts';
import type { Condition } from '../../lib/condition/condition.ts';
import { type Node, nodeOf } from '../../lib/condition/node.ts';

type Code = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'L' | 'M' | 'SS' | 'NS' | 'BS';

/** Whether DynamoDB finds the item by the condition. */
export function meets(item: Item, condition: Condition): boolean {
  return meetsNode(item, nodeOf(condition));
}

function meetsNode(item: Item, condition: Node): boolean {
  switch (condition.kind) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'all':
      return !condition.of.some((part) => !meetsNode(item, part));
    case 'any':
      return condition.of.some((part) => meetsNode(item, part));
    case 'not':
      return !meetsNode(item, condition.of);
  }
  const stored = find(item, condition.path);
  if (stored === undefined) return false;
  switch (condition.kind) {
    case 'exists':
      return true;
    case 'type':
      return codeOf(stored) === condition.type;
    case 'in':
      return condition.values.some((wanted) => isEqual(stored, wanted));
    case 'startsWith':
      return codeOf(stored) === 'S' && utf8(textOf(stored)).indexOf(utf8(condition.prefix)) === 0;
    case 'contains':
      return holds(stored, condition.value);
    case 'compare':
      return compares(stored, condition.comparator, condition.value);
  }
}

/** What stands at a document path: a name is a key of a map, a number a place in a list; anything else is not there. */
export function find(item: Item, path: Path): Value | undefined {
  let here: Value | undefined = { M: item };
  for (const step of path) here = here && below(here, step);
  return here;
}

function below(value: Value, step: string | number): Value | undefined {
  if (typeof step === 'number') return 'L' in value ? value.L[step] : undefined;
  return 'M' in value ? Object.entries(value.M).find(([name]) => name === step)?.[1] : undefined;
}

export function codeOf(value: Value): Code {
  return Object.keys(value)[0] as Code;
}

function compares(stored: Value, comparator: string, wanted: Value): boolean {
  if (comparator === '=') return isEqual(stored, wanted);
  const order = compare(stored, wanted);
  if (order === undefined) return false;
  if (comparator === '<') return order < 0;
  if (comparator === '<=') return order <= 0;
  return comparator === '>' ? order > 0 : order >= 0;
}

/** Types count. Sets and maps have no order, lists have one; numbers are equal by their value. */
export function isEqual(one: Value, other: Value): boolean {
  if (codeOf(one) !== codeOf(other)) return false;
  if ('BOOL' in one && 'BOOL' in other) return one.BOOL === other.BOOL;
  if ('L' in one && 'L' in other) return one.L.length === other.L.length && one.L.every((e, i) => isAt(other.L, i, e));
  if ('M' in one && 'M' in other) return isSameMap(one.M, other.M);
  const members = membersOf(one);
  if (members) return isSameSet(members, membersOf(other) ?? []);
  return 'NULL' in one || compare(one, other) === 0;
}

function isAt(list: readonly Value[], at: number, wanted: Value): boolean {
  const found = list[at];
  return found !== undefined && isEqual(found, wanted);
}

function isSameMap(one: Item, other: Item): boolean {
  const entries = Object.entries(one);
  if (entries.length !== Object.keys(other).length) return false;
  return entries.every(([name, value]) => {
    const counterpart = find(other, [name]);
    return counterpart !== undefined && isEqual(counterpart, value);
  });
}

function isSameSet(one: readonly Value[], other: readonly Value[]): boolean {
  const isIn = (members: readonly Value[], wanted: Value) => members.some((each) => isEqual(each, wanted));
  return one.every((each) => isIn(other, each)) && other.every((each) => isIn(one, each));
}

/** The members of a set as values. */
function membersOf(value: Value): readonly Value[] | undefined {
  if ('SS' in value) return value.SS.map((S) => ({ S }));
  if ('NS' in value) return value.NS.map((N) => ({ N }));
  return 'BS' in value ? value.BS.map((B) => ({ B })) : undefined;
}

/** `contains`: a substring of a text (or of bytes), an element of a list, a member of a set; each of the wanted type. */
function holds(stored: Value, wanted: Value): boolean {
  if ('L' in stored) return stored.L.some((element) => isEqual(element, wanted));
  const members = membersOf(stored);
  if (members) return members.some((member) => isEqual(member, wanted));
  if ('S' in stored && 'S' in wanted) return isWithin(utf8(stored.S), utf8(wanted.S));
  return 'B' in stored && 'B' in wanted && isWithin([...stored.B], [...wanted.B]);
}

function isWithin(whole: readonly number[] | string, part: readonly number[] | string): boolean {
  for (let at = 0; at + part.length <= whole.length; at += 1) {
    let same = 0;
    while (same < part.length && whole[at + same] === part[same]) same += 1;
    if (same === part.length) return true;
  }
  return false;
}

/** Below zero, zero or above it; undefined where there is no order. Only text, numbers and binary have one, each its own. */
export function compare(one: Value, other: Value): number | undefined {
  if ('S' in one && 'S' in other) return compareBytes(bytesOf(one.S), bytesOf(other.S));
  if ('B' in one && 'B' in other) return compareBytes([...one.B], [...other.B]);
  return 'N' in one && 'N' in other ? compareNumbers(one.N, other.N) : undefined;
}

/** Bytes are unsigned; of two that begin alike the shorter comes first. */
function compareBytes(one: readonly number[], other: readonly number[]): number {
  for (const [at, byte] of one.entries()) {
    const counterpart = other[at];
    if (counterpart === undefined) return 1;
    if (byte !== counterpart) return byte - counterpart;
  }
  return one.length - other.length;
}

/** Text is in the order of its UTF-8. */
function bytesOf(text: string): readonly number[] {
  return [...new TextEncoder().encode(text)];
}

/** The UTF-8 of a text, one character for each byte. */
function utf8(text: string): string {
  return bytesOf(text)
    .map((byte) => String.fromCharCode(byte))
    .join('');
}

function textOf(value: Value): string {
  return 'S' in value ? value.S : '';
}

/** As whole numbers: both times the same power of ten. */
function compareNumbers(one: string, other: string): number {
  const [left, right] = [parseNumber(one), parseNumber(other)];
  const least = Math.min(left.power, right.power);
  const [a, b] = [left, right].map(({ digits, power }) => digits * 10n ** BigInt(power - least)) as [bigint, bigint];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** digits × 10^power. */
function parseNumber(text: string): { readonly digits: bigint; readonly power: number } {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), power: Number(power) - fraction.length };
}
