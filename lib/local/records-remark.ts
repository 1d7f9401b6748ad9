// One thing to say of a stored record, and how its text attributes are read.

import { attribute, type Item } from '../base/value.ts';

/** Where in the record, what is wrong, and what to do about it. */
export type Remark = { readonly path: string; readonly problem: string; readonly fix: string };

export function textOf(item: Item, name: string): string | undefined {
  const value = attribute(item, name);
  return value && 'S' in value ? value.S : undefined;
}
