// Values as all of Tablegate holds them: DynamoDB's own attribute values, as plain data. They are exact (numbers are decimal
// text, sets and binary stay what they are) and need no conversion between the store and the pure code.

/** A DynamoDB attribute value. `N` and `NS` hold decimal text of at most 38 significant digits. */
export type Value =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: Uint8Array }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly Value[] }
  | { readonly M: Item }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly Uint8Array[] };

/** Attributes by name. Always read with `attribute`: a stored name may be `constructor` or `__proto__`. */
export type Item = Readonly<Record<string, Value>>;

export type ValueType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'L' | 'M' | 'SS' | 'NS' | 'BS';

/** Returns the type code of a value: `{ S: 'a' }` → `S`. */
export function typeOf(value: Value): ValueType {
  for (const code in value) return code as ValueType;
  throw new TypeError('an attribute value has exactly one type code');
}

/** Returns the attribute of that name; `undefined` if there is none. Names of `Object.prototype` are not attributes. */
export function attribute(item: Item, name: string): Value | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** Returns the text of an attribute; `undefined` if it is missing or of another type. */
export function textOf(item: Item, name: string): string | undefined {
  const value = attribute(item, name);
  return value && 'S' in value ? value.S : undefined;
}

/** Returns the map of an attribute; an empty one if it is missing or of another type. */
export function mapOf(item: Item, name: string): Item {
  const value = attribute(item, name);
  return value && 'M' in value ? value.M : itemOf([]);
}

/** Makes an item of entries, without a prototype, so that every name is an ordinary name. */
export function itemOf(entries: Iterable<readonly [string, Value]>): Item {
  const item: Record<string, Value> = Object.create(null);
  for (const [name, value] of entries) item[name] = value;
  return item;
}

/** Returns a copy of the item with some attributes set and some removed. */
export function withAttributes(item: Item, set: Item, remove: readonly string[] = []): Item {
  const merged = new Map(Object.entries(item));
  for (const [name, value] of Object.entries(set)) merged.set(name, value);
  for (const name of remove) merged.delete(name);
  return itemOf(merged);
}
