// docs/reference/records.md, "How they are combined", for every principal: adding a restriction never shows or allows
// more; order never matters; being in more OIDC groups never shows fewer rows; a policy has three values, as in SQL.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../lib/access/policy.ts';
import { prune } from '../../lib/access/prune.ts';
import { ApiError } from '../../lib/base/errors.ts';
import { printPath } from '../../lib/base/path.ts';
import type { Item } from '../../lib/base/value.ts';
import { changedPaths, changesOf } from '../../lib/plan/changes.ts';
import { planDelete, planUpdate } from '../../lib/plan/write-plan.ts';
import { pathsIn } from '../../lib/query/body.ts';
import { codeOf, EVERYTHING, idsFor, keyPolicy, oidc, policyOf, principalOf } from '../support/access.ts';
import { cases, times } from '../support/proof.ts';
import { item } from '../support/values.ts';

type Plain = Record<string, unknown>;

const fields: readonly unknown[] = ['red', 'blue', 'r', 5, 6, true, null, ['red', 5], [], { b: 'red' }, undefined];
const rows: readonly Item[] = fields.flatMap((colour, i) =>
  ['red', 5, undefined].map((size, j) => item({ id: `${i}-${j}`, colour, size, a: { b: colour, c: [{ d: size }] } })),
);

// Filters.

const field = fc.constantFrom('colour', 'size', 'a.b', 'a.c[0].d', 'nowhere');
const scalar = fc.constantFrom<unknown>('red', 'blue', 'r', 5, 6, true, null, '');
const list = fc.array(scalar, { maxLength: 3 });
const ordered = fc.constantFrom<unknown>('blue', 'red', 5, 6);
const pair = fc.constantFrom(['a', 's'], ['red', 'red'], [4, 5], [5, 9]);

const leaf: fc.Arbitrary<Plain> = fc.oneof(
  fc.record({ field, operator: fc.constantFrom('eq', 'ne', 'contains', 'notcontains'), value: scalar }),
  fc.record({ field, operator: fc.constantFrom('in', 'notin'), value: list }),
  fc.record({ field, operator: fc.constantFrom('gt', 'gte', 'lt', 'lte'), value: ordered }),
  fc.record({ field, operator: fc.constant('between'), value: pair }),
  fc.record({ field, operator: fc.constant('startswith'), value: fc.constantFrom('r', 'b', '') }),
  fc.record({ field, operator: fc.constant('exists'), value: fc.boolean() }),
  fc.record({ field, operator: fc.constant('type'), value: fc.constantFrom('S', 'N', 'L', 'NULL') }),
  fc.record({ field, operator: fc.constant('haselements'), value: fc.array(scalar, { minLength: 1, maxLength: 2 }) }),
);

const filter: fc.Arbitrary<Plain> = fc.letrec<{ tree: Plain }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { arbitrary: leaf, weight: 5 },
    { arbitrary: fc.array(tie('tree'), { maxLength: 3 }).map((any): Plain => ({ any })), weight: 1 },
    { arbitrary: fc.array(tie('tree'), { maxLength: 3 }).map((all): Plain => ({ all })), weight: 1 },
    { arbitrary: tie('tree').map((not): Plain => ({ not })), weight: 2 },
  ),
})).tree;

// The meaning of a filter by the words of docs/reference/records.md, on ordinary JavaScript; undefined is "unknown".

type Truth = boolean | undefined;
const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);
const or = (truths: readonly Truth[]): Truth =>
  truths.includes(true) ? true : truths.includes(undefined) ? undefined : false;
const and = (truths: readonly Truth[]): Truth => not(or(truths.map(not)));

const plainRows = fields.flatMap((colour) =>
  ['red', 5, undefined].map((size) => ({
    colour,
    size,
    'a.b': colour,
    'a.c[0].d': size,
    nowhere: undefined,
  })),
);
const codeOfType = (value: unknown): string => {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return 'L';
  return { string: 'S', number: 'N', boolean: 'BOOL' }[typeof value as 'string'] ?? 'M';
};
const alike = (left: unknown, right: unknown) => codeOfType(left) === codeOfType(right);
const equal = (stored: unknown, value: unknown): Truth => (alike(stored, value) ? stored === value : undefined);

function order(
  stored: unknown,
  value: unknown,
  holds: (stored: string | number, value: string | number) => boolean,
): Truth {
  return alike(stored, value) ? holds(stored as string, value as string) : undefined;
}

function contains(stored: unknown, value: unknown): Truth {
  if (Array.isArray(stored)) return stored.includes(value);
  return typeof stored === 'string' && typeof value === 'string' ? stored.includes(value) : undefined;
}

const leaves: Record<string, (stored: unknown, value: never) => Truth> = {
  eq: equal,
  ne: (stored, value) => not(equal(stored, value)),
  in: (stored, value: unknown[]) => or(value.map((each) => equal(stored, each))),
  notin: (stored, value: unknown[]) => not(or(value.map((each) => equal(stored, each)))),
  contains,
  notcontains: (stored, value) => not(contains(stored, value)),
  haselements: (stored, value: unknown[]) =>
    Array.isArray(stored) ? and(value.map((each) => contains(stored, each))) : undefined,
  startswith: (stored, value: string) => (typeof stored === 'string' ? stored.startsWith(value) : undefined),
  gt: (stored, value) => order(stored, value, (a, b) => a > b),
  gte: (stored, value) => order(stored, value, (a, b) => a >= b),
  lt: (stored, value) => order(stored, value, (a, b) => a < b),
  lte: (stored, value) => order(stored, value, (a, b) => a <= b),
  between: (stored, [low, high]: [never, never]) =>
    and([order(stored, low, (a, b) => a >= b), order(stored, high, (a, b) => a <= b)]),
};

function meaning(of: Plain, row: Plain): Truth {
  if (of['any']) return or((of['any'] as Plain[]).map((part) => meaning(part, row)));
  if (of['all']) return and((of['all'] as Plain[]).map((part) => meaning(part, row)));
  if (of['not']) return not(meaning(of['not'] as Plain, row));
  const stored = row[String(of['field'])];
  if (of['operator'] === 'exists') return (stored !== undefined) === of['value'];
  if (of['operator'] === 'type') return stored !== undefined && codeOfType(stored) === of['value'];
  if (stored === undefined && !(Array.isArray(of['value']) && of['value'].length === 0)) return undefined;
  return leaves[String(of['operator'])]?.(stored, of['value'] as never);
}

// Principals.

type Permissions = {
  lists: Record<string, Plain[]>;
  excluded: string[];
  restricted: string[];
  permitted: string[] | undefined;
  open: boolean;
};
type World = {
  own: Permissions | undefined;
  ownGroup: Permissions;
  oidc: (Permissions & { disabled: boolean })[];
  oidcGroup: Permissions;
};

const LISTS = ['filter_fields', 'read_filters', 'create_filters', 'update_filters', 'delete_filters'];
const path = fc.constantFrom('colour', 'size', 'a', 'a.b', 'a.c', 'a.c.d', 'x');
const paths = fc.array(path, { maxLength: 1 });
const few = fc.oneof(
  { arbitrary: fc.constant<Plain[]>([]), weight: 5 },
  { arbitrary: fc.array(filter, { maxLength: 2 }), weight: 1 },
);
const permissions: fc.Arbitrary<Permissions> = fc.record({
  lists: fc
    .tuple(few, few, few, few, few)
    .map((all) => Object.fromEntries(all.map((each, i) => [LISTS[i] ?? '', each]))),
  excluded: paths,
  restricted: paths,
  permitted: fc.option(fc.array(path, { minLength: 2, maxLength: 4 }), { nil: undefined, freq: 2 }),
  open: fc.boolean(),
});
const worlds: fc.Arbitrary<World> = fc.record({
  own: fc.option(permissions, { nil: undefined }),
  ownGroup: permissions,
  oidc: fc.array(
    fc
      .tuple(permissions, fc.constantFrom(false, false, false, true))
      .map(([each, disabled]) => ({ ...each, disabled })),
    { maxLength: 3 },
  ),
  oidcGroup: permissions,
});

function recordOf({ lists, excluded, restricted, permitted, open }: Permissions): Plain {
  return {
    ...lists,
    exclude_fields: excluded,
    update_fields_restricted: restricted,
    update_fields_permitted: permitted,
    permitted_endpoints: open ? EVERYTHING : [],
  };
}

function policyFor({ own, ownGroup, oidc: groups, oidcGroup }: World): Policy | undefined {
  const auth = [
    ...(own ? [{ id: 'jane', type: 'USERNAME', groups: ['own'], ...recordOf(own) }] : []),
    ...groups.map((each, i) => ({
      id: `g${i}`,
      type: 'OIDC_GROUP',
      disabled: each.disabled,
      groups: i === 0 ? ['shared'] : [],
      ...recordOf(each),
    })),
  ];
  const world = {
    auth,
    groups: [
      { group_id: 'own', ...recordOf(ownGroup) },
      { group_id: 'shared', ...recordOf(oidcGroup) },
    ],
  };
  try {
    return policyOf(principalOf(oidc(groups.map((_, i) => `g${i}`)), world));
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

const bodies = [
  { colour: 'red' },
  { colour: 'blue', size: 5 },
  { a: { b: 5 } },
  { a: { c: [{ d: 'red' }] } },
  { x: 1 },
].map(item);

/** Everything a caller may do, as texts: fewer permissions are a subset. */
function everything(policy: Policy | undefined): { readonly rows: Set<string>; readonly rest: Set<string> } {
  if (!policy) return { rows: new Set(), rest: new Set() };
  const known = rows.filter((each) => policy.mayRead(each));
  const rest = [...known.flatMap((row) => onRow(policy, row)), ...rows.flatMap((row) => creates(policy, row))];
  return { rows: rowsOf(policy), rest: new Set(rest) };
}

const idOf = ({ id }: Item) => (id && 'S' in id ? id.S : '');
const isPermitted = (act: () => unknown) => codeOf(act) === undefined;

function onRow(policy: Policy, row: Item): string[] {
  const id = idOf(row);
  const shown = pathsIn(prune(row, policy.hidden)).map((each) => `show ${id} ${printPath(each)}`);
  const deleted = isPermitted(() => planDelete(policy, row)) ? [`delete ${id}`] : [];
  const updates = bodies.flatMap((body, i) =>
    (['put', 'merge-patch'] as const)
      .filter((reading) => {
        const named = changedPaths(body, reading);
        return isPermitted(() => {
          policy.checkUpdated(named);
          planUpdate(policy, row, changesOf(row, body, reading), named);
        });
      })
      .map((reading) => `${reading} ${id} ${i}`),
  );
  return [...shown, ...deleted, ...updates];
}

function creates(policy: Policy, row: Item): string[] {
  const create = () => {
    policy.checkCreated(pathsIn(row));
    policy.checkCreatedRow(row, pathsIn(row));
  };
  return isPermitted(create) ? [`create ${idOf(row)}`] : [];
}

function rowsOf(policy: Policy | undefined): Set<string> {
  return new Set(policy ? idsFor(policy, 'read', rows) : []);
}

const restriction = fc.tuple(
  fc.nat(9),
  fc.oneof(
    fc.tuple(fc.constantFrom(...LISTS), filter).map(([name, added]) => (each: Permissions): Permissions => {
      return { ...each, lists: { ...each.lists, [name]: [...(each.lists[name] ?? []), added] } };
    }),
    path.map(
      (added) =>
        (each: Permissions): Permissions => ({ ...each, excluded: [...each.excluded, added] }),
    ),
    path.map(
      (added) =>
        (each: Permissions): Permissions => ({ ...each, restricted: [...each.restricted, added] }),
    ),
  ),
);

/** The world with one of its records or groups changed. */
function changed(world: World, at: number, change: (each: Permissions) => Permissions): World {
  const { own, ownGroup, oidc: groups, oidcGroup } = world;
  if (at < 2) return own ? { ...world, own: change(own) } : world;
  if (at < 4) return { ...world, ownGroup: change(ownGroup) };
  if (at < 6) return { ...world, oidcGroup: change(oidcGroup) };
  return { ...world, oidc: groups.map((each, i) => (i === at % 3 ? { ...each, ...change(each) } : each)) };
}

const more = (left: ReadonlySet<string>, right: ReadonlySet<string>) => [...left].filter((each) => !right.has(each));

describe('a filter of a policy', () => {
  it('is true, false or unknown as in SQL, and only true passes', () => {
    let telling = 0;
    const law = fc.property(filter, (each) => {
      const expected = rows.filter((_, i) => meaning(each, plainRows[i] ?? {}) === true);
      const ids = expected.map(idOf);
      expect(idsFor(keyPolicy({ filter_fields: [each] }), 'read', rows)).toEqual(ids);
      if (ids.length > 0 && ids.length < rows.length) telling += 1;
    });
    fc.assert(law, cases(1_500));
    expect(telling).toBeGreaterThan(times(500));
  });

  it('that is negative never admits a row without the attribute, or with one of another type', () => {
    const negative = fc.oneof(
      fc.record({
        field: fc.constant('colour'),
        operator: fc.constantFrom('ne', 'notcontains'),
        value: fc.constantFrom('red', '', 'x'),
      }),
      fc.record({
        field: fc.constant('colour'),
        operator: fc.constant('notin'),
        value: fc.array(fc.constantFrom('red', 'x'), { minLength: 1, maxLength: 3 }),
      }),
      fc
        .record({
          field: fc.constant('colour'),
          operator: fc.constantFrom('eq', 'gt', 'lt', 'startswith'),
          value: fc.constantFrom('red', 'x'),
        })
        .map((of) => ({ not: of })),
    );
    const strange = [undefined, 5, true, null, { red: 1 }, new Uint8Array([1])].map((colour, i) =>
      item({ id: `${i}`, colour }),
    );
    const law = fc.property(negative, fc.boolean(), (each, wrapped) => {
      const filters = wrapped ? [{ any: [{ all: [each] }, { not: { not: each } }] }] : [each];
      expect(idsFor(keyPolicy({ filter_fields: filters }), 'read', strange)).toEqual([]);
    });
    fc.assert(law, cases(300));
  });
});

describe('a restriction', () => {
  it('never shows a row or a field more, and never allows a write more', () => {
    const counts = { open: 0, less: 0 };
    const law = fc.property(worlds, restriction, (world, [at, change]) => {
      const before = everything(policyFor(world));
      const after = everything(policyFor(changed(world, at, change)));
      expect(more(after.rows, before.rows)).toEqual([]);
      expect(more(after.rest, before.rest)).toEqual([]);
      if (before.rows.size > 0) counts.open += 1;
      if (after.rest.size < before.rest.size) counts.less += 1;
    });
    fc.assert(law, cases(300));
    expect(counts.open).toBeGreaterThan(times(75));
    expect(counts.less).toBeGreaterThan(times(20));
  });
});

describe('the order of groups, filters and lists', () => {
  it('never matters', () => {
    let open = 0;
    const turned = (each: Permissions): Permissions => ({
      ...each,
      lists: Object.fromEntries(Object.entries(each.lists).map(([name, all]) => [name, all.toReversed()])),
      excluded: each.excluded.toReversed(),
      restricted: each.restricted.toReversed(),
      permitted: each.permitted?.toReversed(),
    });
    const law = fc.property(worlds, (world) => {
      const { own, ownGroup, oidc: groups, oidcGroup } = world;
      // The first OIDC group has a group of its own: its place is kept.
      const [first, ...others] = groups.map((each) => ({ ...each, ...turned(each) }));
      const other: World = {
        own: own && turned(own),
        ownGroup: turned(ownGroup),
        oidc: [...(first ? [first] : []), ...others.toReversed()],
        oidcGroup: turned(oidcGroup),
      };
      const [one, two] = [everything(policyFor(world)), everything(policyFor(other))];
      expect([...two.rows].toSorted()).toEqual([...one.rows].toSorted());
      expect([...two.rest].toSorted()).toEqual([...one.rest].toSorted());
      if (one.rows.size > 0) open += 1;
    });
    fc.assert(law, cases(150));
    expect(open).toBeGreaterThan(times(35));
  });

  it('never matters between a record and its group', () => {
    const law = fc.property(permissions, permissions, (one, other) => {
      const none = {
        oidc: [],
        oidcGroup: { lists: {}, excluded: [], restricted: [], permitted: undefined, open: false },
      };
      const left = everything(policyFor({ own: one, ownGroup: other, ...none }));
      const right = everything(policyFor({ own: other, ownGroup: one, ...none }));
      expect([...right.rest].toSorted()).toEqual([...left.rest].toSorted());
    });
    fc.assert(law, cases(100));
  });
});

describe('one OIDC group more', () => {
  it('never shows fewer rows', () => {
    const counts = { open: 0, more: 0 };
    const law = fc.property(worlds, permissions, fc.boolean(), (world, added, disabled) => {
      const before = rowsOf(policyFor(world));
      const after = rowsOf(policyFor({ ...world, oidc: [...world.oidc, { ...added, disabled }] }));
      expect(more(before, after)).toEqual([]);
      if (before.size > 0) counts.open += 1;
      if (after.size > before.size) counts.more += 1;
    });
    fc.assert(law, cases(1_000));
    expect(counts.open).toBeGreaterThan(times(250));
    expect(counts.more).toBeGreaterThan(times(20));
  });

  it('never opens anything outside the own record’s filters', () => {
    const law = fc.property(worlds, (world) => {
      const { own } = world;
      if (!own) return;
      const alone = rowsOf(policyFor({ ...world, own: { ...own, open: true }, oidc: [] }));
      expect(more(rowsOf(policyFor(world)), alone)).toEqual([]);
    });
    fc.assert(law, cases(600));
  });
});
