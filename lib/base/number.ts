// Normalizes and compares decimal numbers as DynamoDB stores them: text of at most 38 significant digits, from 1E-130 to
// 9.99…E+125. A double never replaces one; it is only the faster way to order two that differ.

const PLAIN = /^-?(?:0|[1-9]\d{0,37})$/;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/;
const MAX_DIGITS = 38;
const MAX_EXPONENT = 125;
const MIN_EXPONENT = -130;

/** A decimal in scientific form, sign × d.ddd × 10^exponent. Zero has no digits. */
type Decimal = { readonly sign: -1 | 0 | 1; readonly digits: string; readonly exponent: number };

function decimal(text: string): Decimal | undefined {
  const match = NUMBER.exec(text);
  if (!match) return undefined;
  const [, minus, whole = '', fraction = '', power = '0'] = match;
  const all = whole + fraction;
  const leading = all.search(/[1-9]/);
  if (leading < 0) return { sign: 0, digits: '', exponent: 0 };
  const digits = all.slice(leading, lastDigit(all) + 1);
  return { sign: minus ? -1 : 1, digits, exponent: Number(power) + whole.length - 1 - leading };
}

/** Returns the index of the last digit other than zero. A loop: a pattern such as `/0+$/` is quadratic in runs of zeros. */
function lastDigit(all: string): number {
  let at = all.length - 1;
  while (all[at] === '0') at -= 1;
  return at;
}

/**
 * Returns the one text form of a number; `undefined` if the text is no number that DynamoDB can hold.
 * Equal numbers have equal texts: `1.0`, `1e0` and `1` are all `1`; `-0` is `0`.
 */
export function canonicalNumber(text: string): string | undefined {
  if (PLAIN.test(text)) return text === '-0' ? '0' : text;
  return read(text).canonical;
}

type Read = {
  readonly text: string;
  readonly decimal: Decimal | undefined;
  readonly canonical: string | undefined;
};

/** Bounds the cache of parsed numbers: many conditions compare the same number of one row. Longer texts are not cached. */
const CACHED_NUMBERS = 256;
const CACHED_CHARACTERS = 50;

const cache = new Map<string, Read>();
let latest: Read = { text: '', decimal: undefined, canonical: undefined };

function read(text: string): Read {
  if (text === latest.text) return latest;
  const found = cache.get(text) ?? readAnew(text);
  if (text.length > CACHED_CHARACTERS) return found;
  if (cache.size >= CACHED_NUMBERS) cache.clear();
  cache.set(text, found);
  latest = found;
  return found;
}

function readAnew(text: string): Read {
  const number = decimal(text);
  return { text, decimal: number, canonical: number && printed(number) };
}

function printed({ sign, digits, exponent }: Decimal): string | undefined {
  if (sign === 0) return '0';
  if (digits.length > MAX_DIGITS || exponent > MAX_EXPONENT || exponent < MIN_EXPONENT) return undefined;
  return (sign < 0 ? '-' : '') + printDigits(digits, exponent);
}

function printDigits(digits: string, exponent: number): string {
  if (exponent > MAX_DIGITS - 1 || exponent < -MAX_DIGITS) {
    const fraction = digits.slice(1);
    return `${digits[0]}${fraction && `.${fraction}`}E${exponent > 0 ? '+' : ''}${exponent}`;
  }
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, '0');
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** Returns a negative number, zero or a positive one as `left` is less than, equal to or greater than `right`. */
export function compareNumbers(left: string, right: string): number {
  return numberOrder(right)(left);
}

/** Returns `compareNumbers` with a fixed right side, which is parsed once. */
export function numberOrder(right: string): (left: string) => number {
  const rounded = Number(right);
  let own: Read | undefined;
  return (left) => {
    // Rounding is monotonic: doubles that differ are ordered as their numbers are.
    const difference = roundedOf(left) - rounded;
    if (difference < 0 || difference > 0) return difference;
    if (left === right) return 0;
    own ??= readAnew(right);
    return exactOrder(read(left).decimal, own.decimal);
  };
}

/** The last number rounded: the conditions on one attribute compare it one after another. */
let roundedText = '0';
let roundedNumber = 0;

function roundedOf(text: string): number {
  if (text !== roundedText) {
    roundedText = text;
    roundedNumber = Number(text);
  }
  return roundedNumber;
}

function exactOrder(a: Decimal | undefined, b: Decimal | undefined): number {
  if (!a || !b) throw new TypeError('compareNumbers takes decimal text');
  if (a.sign !== b.sign || a.sign === 0) return a.sign - b.sign;
  if (a.exponent !== b.exponent) return a.sign * (a.exponent - b.exponent);
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -a.sign : a.sign;
}
