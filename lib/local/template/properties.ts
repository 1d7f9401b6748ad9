// Reads values out of a template's untyped JSON: the type that is expected there, or an empty one.

export type Properties = Readonly<Record<string, unknown>>;

export function objectAt(of: Properties | undefined, name: string): Properties {
  const value = of?.[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}

export function listAt(of: Properties | undefined, name: string): readonly Properties[] {
  const value = of?.[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}

export function textAt(of: Properties | undefined, name: string): string | undefined {
  const value = of?.[name];
  return typeof value === 'string' ? value : undefined;
}

export function numberAt(of: Properties | undefined, name: string): number | undefined {
  const value = of?.[name];
  return typeof value === 'number' ? value : undefined;
}

/** An object's entries that are text; the others are left out. */
export function textsAt(of: Properties | undefined, name: string): ReadonlyMap<string, string> {
  const entries = Object.entries(objectAt(of, name));
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
