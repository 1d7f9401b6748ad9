// Decimal numbers as DynamoDB keeps them: text of at most 38 significant digits, from 1E-130 to 9.99…E+125. A float never
// stands for one; it only tells two apart sooner.

const PLAIN = /^-?(?:0|[1-9]\d{0,37})$/;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/;
const MAX_DIGITS = 38;
const MAX_EXPONENT = 125;
const MIN_EXPONENT = -130;

/** A decimal in scientific form: sign × 0-or-d.ddd × 10^exponent; zero has no digits. */
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

/** Where the last digit stands that is no zero. A loop: a pattern would look at every run of zeros again and again. */
function lastDigit(all: string): number {
  let at = all.length - 1;
  while (all[at] === '0') at -= 1;
  return at;
}

/**
 * The one text form of a number, or undefined if the text is no number that DynamoDB can hold.
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

/** Many conditions ask about the numbers of one row. Longer texts are no numbers of rows, and not worth their room. */
const KEPT_NUMBERS = 256;
const KEPT_CHARACTERS = 50;

const kept = new Map<string, Read>();
let latest: Read = { text: '', decimal: undefined, canonical: undefined };

function read(text: string): Read {
  if (text === latest.text) return latest;
  const found = kept.get(text) ?? readAnew(text);
  if (text.length > KEPT_CHARACTERS) return found;
  if (kept.size >= KEPT_NUMBERS) kept.clear();
  kept.set(text, found);
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

/** Negative, zero or positive as `left` is less than, equal to or greater than `right`. Both are numbers' texts. */
export function compareNumbers(left: string, right: string): number {
  return numberOrder(right)(left);
}

/** The order of numbers' texts to one text, which is read once; see `compareNumbers`. */
export function numberOrder(right: string): (left: string) => number {
  const rounded = Number(right);
  let own: Read | undefined;
  return (left) => {
    // Rounding keeps the order: of numbers whose doubles differ these tell it.
    const difference = roundedOf(left) - rounded;
    if (difference < 0 || difference > 0) return difference;
    if (left === right) return 0;
    own ??= readAnew(right);
    return exactOrder(read(left).decimal, own.decimal);
  };
}

/** The number that was rounded last: the conditions on one attribute ask one after another. */
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
