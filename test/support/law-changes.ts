// Callers made into others: with one restriction more, or with all their lists in another order.

import fc from 'fast-check';
import { FILTER_LISTS, filters, PATHS, type Plain } from './law-callers.ts';
import type { Caller } from './reference-access.ts';

type Change = (record: Plain) => Plain;

/** A restriction and what it is called. */
export type Restriction = { readonly name: string; readonly apply: (caller: Caller) => Caller };

function listed(record: Plain, name: string): readonly unknown[] {
  return (record[name] ?? []) as readonly unknown[];
}

/** Every record and group of the caller, in an order that stays. */
function membersOf({ own, oidc, groups }: Caller): readonly Plain[] {
  return [...(own ? [own] : []), ...oidc, ...groups];
}

/** The caller with one of its records or groups changed. */
function changed(caller: Caller, which: Plain, change: Change): Caller {
  const only = (record: Plain) => (record === which ? change(record) : record);
  const { own, oidc, groups } = caller;
  return { ...caller, own: own && only(own), oidc: oidc.map(only), groups: groups.map(only) };
}

function added(list: string, value: unknown): Change {
  return (record) => ({ ...record, [list]: [...listed(record, list), value] });
}

// What is read shows most of what a filter does.
const lists = fc.constantFrom('filter_fields', 'read_filters', 'read_filters', ...FILTER_LISTS);
const filter = fc.tuple(lists, filters(true)).map(([list, of]) => ({ list, value: of }));
const path = fc
  .tuple(fc.constantFrom('exclude_fields', 'update_fields_restricted'), fc.constantFrom(...PATHS))
  .map(([list, value]) => ({ list, value }));
const LISTS = [['color', 'a'], ['a.b', 'status', 'owner', 'tags'], []];

/** A filter, an exclusion, a restricted field, a list where there was none, or a token's group that is disabled. */
export function restrictions(caller: Caller): fc.Arbitrary<Restriction> {
  const members = membersOf(caller);
  const more = fc
    .tuple(fc.constantFrom(...members), fc.oneof({ arbitrary: filter, weight: 3 }, { arbitrary: path, weight: 2 }))
    .map(([which, { list, value }]): Restriction => {
      return { name: list, apply: (of) => changed(of, which, added(list, value)) };
    });
  const others: fc.Arbitrary<Restriction>[] = [];
  // A second list in one grant would be united with the first, and allow more.
  if (members.every((record) => record['update_fields_permitted'] === undefined)) {
    const list = fc.constantFrom(...members).chain((which) =>
      fc.constantFrom(...LISTS).map((value): Restriction => {
        const change: Change = (record) => ({ ...record, update_fields_permitted: value });
        return { name: 'update_fields_permitted', apply: (of) => changed(of, which, change) };
      }),
    );
    others.push(list);
  }
  if (caller.oidc.length > 1) {
    const disable = fc.constantFrom(...caller.oidc).map((which): Restriction => {
      return { name: 'disabled', apply: (of) => changed(of, which, (record) => ({ ...record, disabled: true })) };
    });
    others.push(disable);
  }
  return fc.oneof({ arbitrary: more, weight: 6 }, ...others.map((arbitrary) => ({ arbitrary, weight: 1 })));
}

/** The same caller, every list of it turned round. */
export function turned(caller: Caller): Caller {
  const { own, oidc, groups } = caller;
  return {
    ...caller,
    own: own && (turn(own) as Plain),
    oidc: oidc.map((record) => turn(record) as Plain).toReversed(),
    groups: groups.map((record) => turn(record) as Plain).toReversed(),
  };
}

/** The two bounds of a `between` have their order, and no other list. */
function turn(of: unknown): unknown {
  if (Array.isArray(of)) return of.map(turn).toReversed();
  if (typeof of !== 'object' || of === null) return of;
  const isPair = (of as Plain)['operator'] === 'between';
  const entries = Object.entries(of).toReversed();
  return Object.fromEntries(entries.map(([name, value]) => [name, isPair && name === 'value' ? value : turn(value)]));
}
