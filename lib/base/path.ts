// Parses and prints attribute paths. A path is a list of names (text) and list indexes (numbers).

export type Path = readonly [string, ...(string | number)[]];

/** Longest attribute name that DynamoDB stores, in bytes of UTF-8. */
const MAX_NAME_BYTES = 65_535;
const MAX_DEPTH = 32;
const STEP = /([^.[\]]+)((?:\[\d{1,9}\])*)/y;

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/** Parses a path: `a.b[0]` → `['a', 'b', 0]`. `undefined` if it is malformed: `a..b`, `a[b]`, `[0]`, control characters. */
export function parsePath(text: string): Path | undefined {
  if (text.length > MAX_NAME_BYTES || hasControlCharacter(text)) return undefined;
  const steps: (string | number)[] = [];
  let at = 0;
  while (at < text.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (!match) return undefined;
    steps.push(match[1] as string, ...indexes(match[2] as string));
    at = STEP.lastIndex;
    if (at === text.length) break;
    if (text[at] !== '.' || at + 1 === text.length) return undefined;
    at += 1;
  }
  const [first] = steps;
  return typeof first === 'string' && steps.length <= MAX_DEPTH ? (steps as unknown as Path) : undefined;
}

function indexes(text: string): number[] {
  return text === '' ? [] : text.slice(1, -1).split('][').map(Number);
}

/** Prints a path; the inverse of `parsePath`. */
export function printPath(path: readonly (string | number)[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** Returns the names of a path without its list indexes. Field lists in records are compared with these. */
export function pathNames(path: readonly (string | number)[]): readonly string[] {
  return path.filter((step) => typeof step === 'string');
}
