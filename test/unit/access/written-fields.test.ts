// "Fields" and rule 9: which paths a caller may query, create and update.

import { describe, expect, it } from 'vitest';
import type { ApiError } from '../../../lib/base/errors.ts';
import { itemBytes, MAX_ITEM_BYTES } from '../../../lib/base/item-size.ts';
import { type Path, parsePath } from '../../../lib/base/path.ts';
import { table } from '../../../lib/definition/table.ts';
import { pathsIn } from '../../../lib/query/body.ts';
import {
  codeOf,
  KEY,
  keyPolicy,
  keyRecord,
  oidc,
  oidcRecord,
  policyOf,
  principalOf,
  userRecord,
} from '../../support/access.ts';
import { item } from '../../support/values.ts';

const is = (field: string, value: unknown) => ({ field, value });
const nothing = { permitted_endpoints: [] };
const paths = (...texts: string[]): Path[] => texts.map((text) => parsePath(text) ?? expect.fail(text));
const refusalOf = (run: () => unknown): ApiError => {
  try {
    run();
  } catch (error) {
    return error as ApiError;
  }
  return expect.fail('not refused');
};
const oidcPolicy = (...auth: Record<string, unknown>[]) =>
  policyOf(principalOf(oidc(auth.map(({ id }) => String(id))), { auth }));

describe('a query that names a path', () => {
  const policy = keyPolicy({ exclude_fields: ['a.b', 'secret'] });

  it.each(['secret', 'secret.x', 'secret[0]', 'a.b', 'a.b.c', 'a[0].b', 'a', 'a[0]'])('is refused for %s', (text) => {
    expect(codeOf(() => policy.checkQueried(paths('ok', text)))).toBe('field_not_permitted');
  });

  it.each(['a.c', 'a[0].c', 'b', 'secrets', 'id'])('is not refused for %s', (text) => {
    expect(codeOf(() => policy.checkQueried(paths(text)))).toBeUndefined();
  });

  it('is told the paths it named, and nothing of the hidden ones', () => {
    const { faults, detail } = refusalOf(() => policy.checkQueried(paths('ok', 'a')));
    expect(faults.map(({ path }) => path)).toEqual(['a']);
    expect(JSON.stringify([faults, detail])).not.toMatch(/secret|a\.b/);
  });
});

describe('a refusal of fields', () => {
  const message = 'the caller may not use this field';

  it('names each of them in the order of the request', () => {
    const policy = keyPolicy({ update_fields_permitted: ['a'] });
    expect(refusalOf(() => policy.checkUpdated(paths('b.c[0]', 'a', 'd'))).faults).toEqual([
      { path: 'b.c[0]', message },
      { path: 'd', message },
    ]);
  });

  it('names a hundred at most', () => {
    const named = (count: number) => paths(...Array.from({ length: count }, (_, i) => `secret.x${i}`));
    const faults = (count: number) =>
      refusalOf(() => keyPolicy({ exclude_fields: ['secret'] }).checkQueried(named(count))).faults.map(
        ({ path }) => path,
      );
    expect(faults(100)).toHaveLength(100);
    expect(faults(101)).toEqual(faults(100));
  });

  it('tells of an update that several grants might permit what the grant refuses that refuses least', () => {
    const policy = oidcPolicy(
      oidcRecord('g1', { update_fields_permitted: ['a'] }),
      oidcRecord('g2', { update_fields_permitted: ['b', 'c'] }),
      oidcRecord('g3', { update_fields_permitted: [] }),
    );
    expect(refusalOf(() => policy.checkUpdated(paths('a', 'b', 'c'))).faults).toEqual([{ path: 'a', message }]);
  });

  it('tells of the own boundary first', () => {
    const own = userRecord({ ...nothing, update_fields_permitted: ['a'] });
    const policy = oidcPolicy(own, oidcRecord('g1', { update_fields_permitted: ['b'] }));
    expect(refusalOf(() => policy.checkUpdated(paths('a', 'b'))).faults).toEqual([{ path: 'b', message }]);
  });
});

describe('a create', () => {
  const created = (plain: object, permissions: Record<string, unknown> = { exclude_fields: ['a.b', 'secret'] }) =>
    codeOf(() => keyPolicy(permissions).checkCreated(pathsIn(item({ ...plain }))));

  it.each([
    ['a hidden attribute', { secret: 1 }],
    ['a hidden attribute that is a map', { secret: { x: 1 } }],
    ['a hidden attribute that is null', { secret: null }],
    ['a hidden path', { a: { b: 1 } }],
    ['a hidden path in a list', { a: [{ c: 1 }, { b: 1 }] }],
    ['a hidden path in a list of lists', { a: [[{ b: { c: 1 } }]] }],
  ])('is refused with %s', (_, body) => {
    expect(created(body)).toBe('field_not_permitted');
  });

  it.each([
    ['what is beside it', { a: { c: 1 }, b: 1 }],
    ['what may not be updated', { restricted: 1 }],
  ])('is not refused with %s', (_, body) => {
    expect(
      created(body, { exclude_fields: ['a.b', 'secret'], update_fields_restricted: ['restricted'] }),
    ).toBeUndefined();
  });

  it('needs rows(create): the own boundary and one permitting grant', () => {
    const policy = oidcPolicy(
      userRecord({ ...nothing, filter_fields: [is('size', 1)] }),
      oidcRecord('g1', { create_filters: [is('colour', 'red')] }),
      oidcRecord('g2', { create_filters: [is('colour', 'blue')] }),
    );
    const row = (plain: object) => codeOf(() => policy.checkCreatedRow(item({ ...plain }), []));
    expect(row({ id: 'a', size: 1, colour: 'red' })).toBeUndefined();
    expect(row({ id: 'a', size: 1, colour: 'blue' })).toBeUndefined();
    expect(row({ id: 'a', size: 1, colour: 'green' })).toBe('row_not_permitted');
    expect(row({ id: 'a', size: 2, colour: 'red' })).toBe('row_not_permitted');
    expect(row({ id: 'a', size: 1 })).toBe('row_not_permitted');
    const refused = () => policy.checkCreatedRow(item({ id: 'a' }), []);
    expect(refused).toThrow('the new item is outside the rows the caller may create');
  });
});

describe('an update of paths', () => {
  it.each([
    ['anything, without lists', {}, ['x', 'y.z'], undefined],
    ['a hidden path', { exclude_fields: ['x'] }, ['x'], 'field_not_permitted'],
    ['below a hidden path', { exclude_fields: ['x'] }, ['x.y'], 'field_not_permitted'],
    ['a parent of a hidden path', { exclude_fields: ['x.y'] }, ['x'], 'field_not_permitted'],
    ['beside a hidden path', { exclude_fields: ['x.y'] }, ['x.z'], undefined],
    ['a restricted path', { update_fields_restricted: ['x'] }, ['x'], 'field_not_permitted'],
    ['a parent of a restricted path', { update_fields_restricted: ['x.y'] }, ['x'], 'field_not_permitted'],
    ['below a restricted path', { update_fields_restricted: ['x'] }, ['x[0].y'], 'field_not_permitted'],
    ['beside a restricted path', { update_fields_restricted: ['x.y'] }, ['x.z'], undefined],
    ['a permitted path', { update_fields_permitted: ['x', 'y.z'] }, ['x', 'y.z'], undefined],
    ['below a permitted path', { update_fields_permitted: ['x'] }, ['x.y'], undefined],
    ['a parent of a permitted path', { update_fields_permitted: ['y.z'] }, ['y'], 'field_not_permitted'],
    ['one path that is not permitted', { update_fields_permitted: ['x'] }, ['x', 'y'], 'field_not_permitted'],
    ['anything, with an empty list', { update_fields_permitted: [] }, ['x'], 'field_not_permitted'],
    [
      'a path both permitted and restricted',
      { update_fields_permitted: ['x'], update_fields_restricted: ['x'] },
      ['x'],
      'field_not_permitted',
    ],
  ] as const)('%s', (_, permissions, changed, code) => {
    expect(codeOf(() => keyPolicy(permissions).checkUpdated(paths(...changed)))).toBe(code);
  });

  it('needs one permitting grant that lists every one, and the own list too', () => {
    const groups = [
      oidcRecord('g1', { update_fields_permitted: ['a', 'b'] }),
      oidcRecord('g2', { update_fields_permitted: ['c'] }),
      oidcRecord('g3', { ...nothing, update_fields_permitted: ['d'] }),
    ];
    const free = oidcPolicy(...groups);
    const bounded = oidcPolicy(userRecord({ ...nothing, update_fields_permitted: ['a', 'c', 'd'] }), ...groups);
    const codes = (policy: typeof free) =>
      [['a'], ['a', 'b'], ['c'], ['a', 'c'], ['d']].map((changed) =>
        codeOf(() => policy.checkUpdated(paths(...changed))),
      );
    const no = 'field_not_permitted';
    expect(codes(free)).toEqual([undefined, undefined, undefined, no, no]);
    expect(codes(bounded)).toEqual([undefined, no, undefined, no, no]);
  });

  it.each<[string, object, object, string[]]>([
    ['the record has one', { update_fields_permitted: ['x'] }, {}, ['x']],
    ['its group has one', {}, { update_fields_permitted: ['x'] }, ['x']],
    ['both have one', { update_fields_permitted: ['x'] }, { update_fields_permitted: ['y'] }, ['x', 'y']],
    ['both have one, one empty', { update_fields_permitted: [] }, { update_fields_permitted: ['y'] }, ['y']],
    ['none has one', {}, {}, ['x', 'y', 'z']],
  ])('is held to the lists of a record and its groups, united, where %s', (_, own, group, expected) => {
    const auth = [keyRecord({ ...own, groups: ['g', 'h'] })];
    const policy = policyOf(principalOf(KEY, { auth, groups: [{ group_id: 'g', ...group }, { group_id: 'h' }] }));
    const permitted = ['x', 'y', 'z'].filter((name) => codeOf(() => policy.checkUpdated([[name]])) === undefined);
    expect(permitted).toEqual(expected);
  });

  it('is restricted by every grant, permitting or not', () => {
    const policy = oidcPolicy(oidcRecord('g1'), oidcRecord('g2', { ...nothing, update_fields_restricted: ['x'] }));
    expect(codeOf(() => policy.checkUpdated(paths('x')))).toBe('field_not_permitted');
  });
});

describe('an update that grows an item', () => {
  const STEP = 16_384;
  const options = { partitionKey: { id: 'string' } } as const;
  const hiding = table('items', { ...options, attributes: { cost: { type: 'string', hidden: true } } });
  const versioned = table('items', { ...options, version: '_v' });
  const both = table('items', { ...options, version: '_v', attributes: { cost: { type: 'string', hidden: true } } });
  const excluding = { exclude_fields: ['a.cost'] };
  const group = policyOf(
    principalOf(oidc(['g', 'h']), { auth: [oidcRecord('g'), oidcRecord('h', { exclude_fields: ['cost'] })] }),
  );
  /** An item with these attributes and text, of so many bytes in all. */
  const sized = (bytes: number, known: object) => {
    const rest = bytes - itemBytes(item({ id: 'x', ...known, fill: '' }));
    return item({ id: 'x', ...known, fill: 'y'.repeat(rest) });
  };
  const cost = (bytes: number) => ({ cost: 'c'.repeat(bytes - 'cost'.length) });

  it.each([
    ['nothing is hidden', keyPolicy(), cost(1_000), MAX_ITEM_BYTES + 1],
    ['only the version is', keyPolicy({}, { table: versioned }), { _v: 7 }, MAX_ITEM_BYTES + 1],
    ['nothing is there of what is hidden', keyPolicy({ exclude_fields: ['cost'] }), {}, MAX_ITEM_BYTES - STEP],
    ['a byte of a step is', keyPolicy(excluding), { a: { cost: '' } }, MAX_ITEM_BYTES - STEP + 'cost'.length + 1],
    ['one step is', keyPolicy({ exclude_fields: ['cost'] }), cost(STEP), MAX_ITEM_BYTES],
    ['more than a step is', keyPolicy({ exclude_fields: ['cost'] }), cost(STEP + 1), MAX_ITEM_BYTES - STEP + 1],
    ['it is by the definition', keyPolicy({}, { table: hiding }), cost(10), MAX_ITEM_BYTES - STEP + 10],
    ['it is beside the version', keyPolicy({}, { table: both }), { ...cost(10), _v: 7 }, MAX_ITEM_BYTES - STEP + 10],
    ['it is by one of several grants', group, cost(10), MAX_ITEM_BYTES - STEP + 10],
  ])('may fill it as far as steps of what is hidden leave room: %s', (_, policy, known, largest) => {
    const before = item({ id: 'x', ...known });
    expect(codeOf(() => policy.checkGrowth(before, sized(largest, known)))).toBeUndefined();
    const isFree = largest > MAX_ITEM_BYTES;
    expect(codeOf(() => policy.checkGrowth(before, sized(largest + 1, known)))).toBe(isFree ? undefined : 'too_large');
  });

  it('is measured by what the caller sees', () => {
    const policy = keyPolicy({ exclude_fields: ['cost'] });
    const full = sized(MAX_ITEM_BYTES, { flag: 'a' });
    expect(codeOf(() => policy.checkGrowth(full, sized(MAX_ITEM_BYTES, { flag: 'b' })))).toBeUndefined();
    expect(refusalOf(() => policy.checkGrowth(full, sized(MAX_ITEM_BYTES + 1, {}))).detail).toBe(
      'the item would be larger than 400 KB',
    );
  });
});
