// Filters with variables, of one table or of every table, under `not`, `any` and `all`: what a policy admits is what the
// reference says, and a caller of whom less is known never sees more.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPlain } from '../../lib/base/plain.ts';
import type { Item, Value } from '../../lib/base/value.ts';
import { CONTEXT, EVERYTHING, idsFor, oidc, policyOf, principalOf } from '../support/access.ts';
import { cases, times } from '../support/proof.ts';
import { type Caller, mayTouch } from '../support/reference-access.ts';
import { item } from '../support/values.ts';

type Plain = Readonly<Record<string, unknown>>;

const STORED: readonly unknown[] = [
  ...['', 'a', 'b', 'ab', 'jane', 'g0', 'g1', 'h', 'x@example.com', 'true', 'S'],
  ...[5, 6, true, false, null, undefined, {}, { a: 'a' }, [], ['a'], ['', 'a', 'b'], ['g0', 'h', 5]],
  ...[new Set(['a', 'b']), new Set(['jane']), new Set([5]), new Uint8Array([1])],
];
const rows: readonly Item[] = STORED.flatMap((x, i) =>
  [x, 'a', undefined].map((y, j) => item({ id: `${i}-${j}`, x, y })),
);

const CLAIMS = ['claims.one', 'claims.many'];
const NAMES = ['user.id', 'user.username', 'user.name', 'user.email', 'user.groups', ...CLAIMS, ...CLAIMS, ...CLAIMS];
const context = { ...CONTEXT, variables: [...CONTEXT.variables, ...CLAIMS] };

const scalars = ['', 'a', 'b', 'jane', 'h', 5, true, null];
const literals: Readonly<Record<string, readonly unknown[]>> = {
  ...Object.fromEntries(['eq', 'ne', 'contains', 'notcontains'].map((name) => [name, scalars])),
  ...Object.fromEntries(['gt', 'gte', 'lt', 'lte'].map((name) => [name, ['', 'a', 'b', 5]])),
  in: [[], ['a'], ['a', 5], ['']],
  notin: [[], ['a'], ['a', 5], ['']],
  haselements: [['a'], ['a', 'b'], ['']],
  between: [
    ['', 'b'],
    [5, 6],
  ],
  startswith: ['', 'a'],
  exists: [true, false, 'false'],
  type: ['S', 'L', 'NULL'],
};

const leaf: fc.Arbitrary<Plain> = fc
  .tuple(
    fc.constantFrom('x', 'x', 'y', 'nowhere'),
    fc.constantFrom(...Object.keys(literals)),
    fc.constantFrom(undefined, undefined, undefined, 'items', 'orders'),
    fc.constantFrom(...NAMES),
    fc.nat(9),
  )
  .map(([field, operator, table, $var, which]) => {
    const all = literals[operator] ?? [];
    const takesList = Array.isArray(all[0]);
    const name = takesList && which < 7 ? 'claims.many' : $var;
    const value = which < 3 ? all[which % all.length] : { $var: name };
    return { field, operator, value, ...(table && { table }) };
  });

const filters: fc.Arbitrary<Plain> = fc.letrec<{ tree: Plain }>((tie) => {
  const parts = fc.array(tie('tree'), { maxLength: 3 });
  return {
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { arbitrary: leaf, weight: 5 },
      { arbitrary: parts.map((any): Plain => ({ any })), weight: 2 },
      { arbitrary: parts.map((all): Plain => ({ all })), weight: 1 },
      { arbitrary: tie('tree').map((not): Plain => ({ not })), weight: 3 },
    ),
  };
}).tree;

const lists: readonly unknown[] = [['a'], ['', 'a'], ['a', 'b'], ['a', ''], ['jane', 'h'], ['b', 5], [''], [], [['a']]];
const claim = fc.constantFrom<unknown>('', 'a', 'b', 5, true, 'S', 'true', null, {}, undefined, ['a']);
const many = fc.constantFrom(...lists, ...lists, 'a', undefined);
const text = fc.constantFrom(undefined, '', 'a', 'jane', 'x@example.com');

const callers: fc.Arbitrary<Caller> = fc
  .record({
    hasOwn: fc.boolean(),
    token: fc.record({ one: claim, many, name: text, email: text }),
    disabled: fc.tuple(fc.boolean(), fc.boolean()),
    of: fc.array(filters, { minLength: 1, maxLength: 2 }),
    own: fc.oneof(fc.constant([]), fc.array(filters, { maxLength: 1 })),
  })
  .map(({ hasOwn, token, disabled, of, own }) => ({
    id: 'jane',
    username: 'jane',
    own: hasOwn ? { id: 'jane', type: 'USERNAME', filter_fields: own } : undefined,
    oidc: of.map((filter, at) => ({
      id: `g${at}`,
      type: 'OIDC_GROUP',
      permitted_endpoints: EVERYTHING,
      ...(disabled[at] && of.length > 1 && { disabled: true }),
      ...(at === 0 && { groups: ['h'] }),
      filter_fields: [filter],
    })),
    groups: [{ group_id: 'h' }],
    token: Object.fromEntries(Object.entries(token).filter(([, value]) => value !== undefined)),
  }));

/** The rows that the caller may read. */
function shownTo({ own, oidc: records, groups, token = {} }: Caller): readonly string[] {
  const { name, email, ...claims } = token as { readonly name?: string; readonly email?: string };
  const values = Object.entries(claims).map(([claimed, value]) => [claimed, fromPlain(value)] as [string, Value]);
  const said = { ...(name !== undefined && { name }), ...(email !== undefined && { email }), claims: new Map(values) };
  const identity = oidc(
    records.map(({ id }) => String(id)),
    said,
  );
  if (records.every(({ disabled }) => disabled)) return [];
  return idsFor(
    policyOf(principalOf(identity, { auth: [...(own ? [own] : []), ...records], groups }, context)),
    'read',
    rows,
  );
}

const idOf = ({ id }: Item): string => (id && 'S' in id ? id.S : '');
const isTelling = (ids: readonly string[]) => ids.length > 0 && ids.length < rows.length;

describe('a filter with variables', () => {
  it('admits what the reference says', () => {
    let telling = 0;
    const facts = { name: 'items', hidden: [] };
    const law = fc.property(callers, (caller) => {
      const shown = shownTo(caller);
      expect(shown).toEqual(rows.filter((row) => mayTouch(caller, 'GET', facts, 'read', row)).map(idOf));
      if (isTelling(shown)) telling += 1;
    });
    fc.assert(law, cases(1_000));
    expect(telling).toBeGreaterThan(times(150));
  });

  it.each<[string, (caller: Caller, name: string) => Caller]>([
    ['a claim is lost', ({ token = {}, ...of }, name) => ({ ...of, token: { ...without(token, name) } })],
    ['a claim is empty', ({ token = {}, ...of }, name) => ({ ...of, token: { ...token, [name]: '' } })],
    [
      'a member of a claim is empty',
      ({ token = {}, ...of }, name) => ({ ...of, token: { ...token, [name]: emptied(token[name]) } }),
    ],
    [
      'a record is disabled',
      (of) => ({ ...of, oidc: of.oidc.map((each, at) => (at === 0 ? { ...each, disabled: true } : each)) }),
    ],
    [
      'a filter is added',
      (of) => ({ ...of, oidc: of.oidc.map((each) => ({ ...each, read_filters: of.oidc[0]?.['filter_fields'] })) }),
    ],
  ])('never admits more where %s', (_, change) => {
    let less = 0;
    const law = fc.property(
      callers,
      fc.constantFrom(...['one', 'many', 'one', 'many', 'name', 'email']),
      (caller, name) => {
        const [before, after] = [shownTo(caller), shownTo(change(caller, name))];
        expect(after.filter((id) => !before.includes(id))).toEqual([]);
        if (after.length < before.length) less += 1;
      },
    );
    fc.assert(law, cases(900));
    expect(less).toBeGreaterThan(times(2));
  });
});

function without(token: Plain, name: string): Plain {
  return Object.fromEntries(Object.entries(token).filter(([each]) => each !== name));
}

/** The first member of a list is empty text; anything else stays. */
function emptied(claimed: unknown): unknown {
  return Array.isArray(claimed) && claimed.length > 0 ? ['', ...claimed.slice(1)] : claimed;
}
