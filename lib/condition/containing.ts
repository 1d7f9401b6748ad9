// Evaluates all `contains` conditions on one path together, in one pass over a value: the time of a row depends on its length,
// not on the number of conditions or the length of their texts.

import { typeOf, type Value } from '../base/value.ts';
import { TextSearch } from './text-search.ts';
import { valueKey } from './value-key.ts';

export class Containing {
  readonly #texts: TextSearch;
  readonly #bytes: TextSearch;
  readonly #wanted: ReadonlyMap<string, readonly number[]>;
  readonly #types: ReadonlySet<string>;
  readonly #textPlaces: readonly (readonly number[])[];
  readonly #bytePlaces: readonly (readonly number[])[];
  /** For each wanted value, the number of the last value that contained it: nothing is to be cleared between two rows. */
  readonly #foundIn: Float64Array;
  #last: Value | undefined;
  #values = 0;

  constructor(wanted: readonly Value[]) {
    this.#foundIn = new Float64Array(wanted.length);
    const places = (keyOf: (value: Value) => string | undefined) => placesOf(wanted.map(keyOf));
    const texts = places((value) => ('S' in value ? value.S : undefined));
    const bytes = places((value) => ('B' in value ? latin1(value.B) : undefined));
    this.#texts = new TextSearch([...texts.keys()]);
    this.#textPlaces = [...texts.values()];
    this.#bytes = new TextSearch([...bytes.keys()]);
    this.#bytePlaces = [...bytes.values()];
    this.#wanted = places(memberKey);
    this.#types = new Set(wanted.map(typeOf));
  }

  /** True if a value contains the wanted one at a place in the list. Repeated calls with the same value search it once. */
  has(value: Value, place: number): boolean {
    if (value !== this.#last) {
      this.#last = value;
      this.#values += 1;
      this.#find(value);
    }
    return this.#foundIn[place] === this.#values;
  }

  #find(value: Value): void {
    if ('S' in value) for (const needle of this.#texts.find(value.S)) this.#mark(this.#textPlaces[needle]);
    else if ('B' in value) for (const needle of this.#bytes.find(latin1(value.B))) this.#mark(this.#bytePlaces[needle]);
    else for (const key of this.#memberKeys(value)) this.#mark(this.#wanted.get(key));
  }

  #mark(places: readonly number[] = []): void {
    for (const place of places) this.#foundIn[place] = this.#values;
  }

  /** Yields the keys of members, without list elements of a type that is not wanted: these may be large. */
  *#memberKeys(value: Value): Iterable<string> {
    if ('L' in value) {
      for (const element of value.L) if (this.#types.has(typeOf(element))) yield memberKey(element);
    } else if ('SS' in value) {
      for (const S of value.SS) yield memberKey({ S });
    } else if ('NS' in value) {
      for (const N of value.NS) yield memberKey({ N });
    } else if ('BS' in value) {
      for (const B of value.BS) yield memberKey({ B });
    }
  }
}

/** Returns a key with the equality of `valueKey` that is faster for text. No `valueKey` begins with a quote. */
function memberKey(value: Value): string {
  return 'S' in value ? `"${value.S}` : valueKey(value);
}

/** Maps each byte to one character, which preserves containment. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function placesOf(keys: readonly (string | undefined)[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [place, key] of keys.entries()) {
    if (key === undefined) continue;
    const known = places.get(key);
    if (known) known.push(place);
    else places.set(key, [place]);
  }
  return places;
}
