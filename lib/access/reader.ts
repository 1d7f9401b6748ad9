// Reads attributes of a stored record strictly: a method returns a typed value or records a fault with its path.

import { parsePath, pathNames } from '../base/path.ts';
import { attribute, type Item, type Value } from '../base/value.ts';
import type { RecordFault, RecordFaultCode } from './record-fault.ts';

export class Reader {
  readonly faults: RecordFault[] = [];
  readonly #item: Item;
  readonly #at: string;

  constructor(item: Item, at = '') {
    this.#item = item;
    this.#at = at === '' ? '' : `${at}.`;
  }

  fault(name: string, code: RecordFaultCode, message: string): undefined {
    this.faults.push({ path: `${this.#at}${name}`, message, code });
    return undefined;
  }

  /** Returns the result of `read`; `undefined` if the attribute is missing, and with a fault if `read` returns `undefined`. */
  #read<T>(
    name: string,
    code: RecordFaultCode,
    expected: string,
    read: (value: Value) => T | undefined,
  ): T | undefined {
    const value = attribute(this.#item, name);
    if (value === undefined) return undefined;
    const result = read(value);
    return result === undefined ? this.fault(name, code, `must be ${expected}`) : result;
  }

  text(name: string): string | undefined {
    return this.#read(name, 'not_text', 'text that is not empty', (value) =>
      'S' in value && value.S !== '' ? value.S : undefined,
    );
  }

  /** Returns a required text; an empty one, with a fault, if it is missing or wrong. */
  required(name: string, code: RecordFaultCode = 'missing_id', message = 'is required'): string {
    const text = attribute(this.#item, name) ? this.text(name) : this.fault(name, code, message);
    return text ?? '';
  }

  flag(name: string): boolean | undefined {
    return this.#read(name, 'not_flag', 'true or false', (value) => ('BOOL' in value ? value.BOOL : undefined));
  }

  seconds(name: string): number | undefined {
    const expected = 'a number of seconds since 1970';
    return this.#read(name, 'not_seconds', expected, (value) => ('N' in value ? Number(value.N) : undefined));
  }

  /** Returns a list of texts, which may be stored as a string set. */
  texts(name: string): readonly string[] | undefined {
    return this.#read(name, 'not_texts', 'a list of texts', textsOf);
  }

  /** Returns a list of paths without list indexes, each as its names: `a.b` → `['a', 'b']`. */
  paths(name: string): readonly (readonly string[])[] | undefined {
    return this.texts(name)?.flatMap((text, at) => {
      const path = parsePath(text);
      const names = path && pathNames(path);
      if (names && names.length === path.length) return [names];
      const message = `${JSON.stringify(text)} is no path; write names joined by ".", without list indexes`;
      return this.fault(`${name}[${at}]`, 'not_path', message) ?? [];
    });
  }

  /** Returns the elements of a list, each with its path for faults. */
  elements(name: string): readonly { readonly value: Value; readonly at: string }[] {
    const list = this.#read(name, 'not_list', 'a list', (value) => ('L' in value ? value.L : undefined)) ?? [];
    return list.map((value, at) => ({ value, at: `${this.#at}${name}[${at}]` }));
  }

  /** Adds a fault for each attribute that is not known, except the operator's own, which begin with `x_`. */
  refuseUnknown(known: readonly string[]): void {
    for (const name of Object.keys(this.#item)) {
      if (!known.includes(name) && !name.startsWith('x_')) {
        this.fault(
          name,
          'unknown_attribute',
          `is not known; the attributes are ${known.join(', ')}, and x_… for your own use`,
        );
      }
    }
  }
}

function textsOf(value: Value): readonly string[] | undefined {
  if ('SS' in value) return value.SS;
  if (!('L' in value)) return undefined;
  const texts = value.L.flatMap((element) => ('S' in element && element.S !== '' ? [element.S] : []));
  return texts.length === value.L.length ? texts : undefined;
}
