// Makes all placeholders: no name and no value of a request is ever part of an expression's text.

import type { Path } from '../base/path.ts';
import type { Value } from '../base/value.ts';
import { valueKey } from '../condition/value-key.ts';

/** The maps of placeholders in an SDK input; an empty map is left out, as DynamoDB refuses it. */
export type PlaceholderMaps = {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, Value>;
};

/** A state to which placeholders can be reset. */
export type Mark = { readonly names: number; readonly values: number; readonly bytes: number };

/** Assigns short placeholders, one to each distinct name and value, in the order of first use: `#a`, `#b`; `:a`, `:b`. */
export class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #values = new Map<string, { readonly placeholder: string; readonly value: Value }>();
  #bytes = 0;

  /** The bytes of all names and values, or a little more. */
  get bytes(): number {
    return this.#bytes;
  }

  name(name: string): string {
    const known = this.#names.get(name);
    if (known) return known;
    const placeholder = `#${letters(this.#names.size)}`;
    this.#names.set(name, placeholder);
    this.#bytes += Buffer.byteLength(name);
    return placeholder;
  }

  value(value: Value): string {
    const key = valueKey(value);
    const known = this.#values.get(key);
    if (known) return known.placeholder;
    const placeholder = `:${letters(this.#values.size)}`;
    this.#values.set(key, { placeholder, value });
    this.#bytes += Buffer.byteLength(key);
    return placeholder;
  }

  /** Writes a document path. `['item', 'tags', 0]` → `#a.#b[0]`. */
  path([top, ...below]: Path): string {
    let text = this.name(top);
    for (const step of below) text += typeof step === 'number' ? `[${step}]` : `.${this.name(step)}`;
    return text;
  }

  maps(): PlaceholderMaps {
    const maps: PlaceholderMaps = {};
    if (this.#names.size > 0) {
      maps.ExpressionAttributeNames = {};
      for (const [name, placeholder] of this.#names) maps.ExpressionAttributeNames[placeholder] = name;
    }
    if (this.#values.size > 0) {
      maps.ExpressionAttributeValues = {};
      for (const { placeholder, value } of this.#values.values()) maps.ExpressionAttributeValues[placeholder] = value;
    }
    return maps;
  }

  mark(): Mark {
    return { names: this.#names.size, values: this.#values.size, bytes: this.#bytes };
  }

  /** Removes the placeholders assigned after a mark: DynamoDB refuses unused ones. */
  reset({ names, values, bytes }: Mark): void {
    for (const name of [...this.#names.keys()].slice(names)) this.#names.delete(name);
    for (const key of [...this.#values.keys()].slice(values)) this.#values.delete(key);
    this.#bytes = bytes;
  }
}

/** Returns the letters of an index: 0 → `a`, 25 → `z`, 26 → `aa`. */
function letters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
