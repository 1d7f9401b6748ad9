// The one form a value has inside Tablegate: DynamoDB's own attribute value, as plain data. It is exact (numbers are
// decimal text, sets and binary are themselves), and it passes between the store and the pure code without conversion.

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

/** DynamoDB's type code of a value. */
export function typeOf(value: Value): ValueType {
  for (const code in value) return code as ValueType;
  throw new TypeError('an attribute value has exactly one type code');
}

/** The attribute of that name, or undefined; names of Object.prototype are not attributes. */
export function attribute(item: Item, name: string): Value | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** The text that an attribute is, or undefined where it is missing or anything else. */
export function textOf(item: Item, name: string): string | undefined {
  const value = attribute(item, name);
  return value && 'S' in value ? value.S : undefined;
}

/** The map that an attribute is; an empty one where it is missing or anything else. */
export function mapOf(item: Item, name: string): Item {
  const value = attribute(item, name);
  return value && 'M' in value ? value.M : itemOf([]);
}

/** An item from entries, without a prototype, so that every name is an ordinary name. */
export function itemOf(entries: Iterable<readonly [string, Value]>): Item {
  const item: Record<string, Value> = Object.create(null);
  for (const [name, value] of entries) item[name] = value;
  return item;
}

/** The item with some attributes set and some removed; the given item stays as it is. */
export function withAttributes(item: Item, set: Item, remove: readonly string[] = []): Item {
  const merged = new Map(Object.entries(item));
  for (const [name, value] of Object.entries(set)) merged.set(name, value);
  for (const name of remove) merged.delete(name);
  return itemOf(merged);
}
