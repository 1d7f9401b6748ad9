// "Rows" and rule 9: on which rows a caller may act, before and after.

import { describe, expect, it } from 'vitest';
import { type Path, parsePath } from '../../../lib/base/path.ts';
import type { Item } from '../../../lib/base/value.ts';
import { evaluator } from '../../../lib/condition/evaluate.ts';
import { codeOf, keyPolicy, oidc, oidcRecord, policyOf, principalOf, userRecord } from '../../support/access.ts';
import { item } from '../../support/values.ts';

const is = (field: string, value: unknown) => ({ field, value });
const nothing = { permitted_endpoints: [] };
const paths = (...texts: string[]): Path[] => texts.map((text) => parsePath(text) ?? expect.fail(text));
const oidcPolicy = (...auth: Record<string, unknown>[]) =>
  policyOf(principalOf(oidc(auth.map(({ id }) => String(id))), { auth }));

describe('an update of a row', () => {
  const update = (policy: ReturnType<typeof keyPolicy>, before: object, after: object, ...changed: string[]) =>
    codeOf(() => policy.updateCondition(item({ id: 'a', ...before }), item({ id: 'a', ...after }), paths(...changed)));

  it('must satisfy rows(update) before and after', () => {
    const policy = keyPolicy({ update_filters: [is('colour', 'red')] });
    expect(update(policy, { colour: 'red' }, { colour: 'red', x: 1 }, 'x')).toBeUndefined();
    expect(update(policy, { colour: 'blue' }, { colour: 'red' }, 'colour')).toBe('row_not_permitted');
    expect(update(policy, { colour: 'red' }, { colour: 'blue' }, 'colour')).toBe('row_not_permitted');
    expect(update(policy, { colour: 'red' }, {}, 'colour')).toBe('row_not_permitted');
    const [blue, red] = ['blue', 'red'].map((colour) => item({ id: 'a', colour })) as [Item, Item];
    expect(() => policy.updateCondition(blue, red, paths('colour'))).toThrow(
      'the item, as it is or as it would be, is outside the rows the caller may update',
    );
  });

  it('may leave the rows the caller can read', () => {
    const policy = keyPolicy({ read_filters: [is('colour', 'red')] });
    expect(update(policy, { colour: 'red' }, { colour: 'blue' }, 'colour')).toBeUndefined();
    expect(policy.mayRead(item({ id: 'a', colour: 'blue' }))).toBe(false);
  });

  it('never combines rows of one grant with fields or rows of another', () => {
    const policy = oidcPolicy(
      oidcRecord('g1', { filter_fields: [is('colour', 'red')], update_fields_permitted: ['price'] }),
      oidcRecord('g2', { filter_fields: [is('colour', 'blue')], update_fields_permitted: ['stock', 'colour'] }),
    );
    expect(update(policy, { colour: 'red' }, { colour: 'red', price: 1 }, 'price')).toBeUndefined();
    expect(update(policy, { colour: 'red' }, { colour: 'red', stock: 1 }, 'stock')).toBe('row_not_permitted');
    expect(update(policy, { colour: 'blue' }, { colour: 'blue', price: 1 }, 'price')).toBe('row_not_permitted');
    const both = { colour: 'red', price: 1, stock: 1 };
    expect(update(policy, { colour: 'red' }, both, 'price', 'stock')).toBe('row_not_permitted');
    expect(update(policy, { colour: 'red' }, both, 'stock', 'price')).toBe('row_not_permitted');
    // From the rows of one grant into those of the other: no single grant accepts both.
    expect(update(policy, { colour: 'blue' }, { colour: 'red' }, 'colour')).toBe('row_not_permitted');
    const free = oidcPolicy(
      oidcRecord('g1', { filter_fields: [is('colour', 'red')] }),
      oidcRecord('g2', { filter_fields: [is('colour', 'blue')] }),
    );
    expect(update(free, { colour: 'blue' }, { colour: 'red' }, 'colour')).toBe('row_not_permitted');
    expect(update(free, { colour: 'red' }, { colour: 'blue' }, 'colour')).toBe('row_not_permitted');
    expect(update(free, { colour: 'blue' }, { colour: 'blue', n: 1 }, 'n')).toBeUndefined();
  });

  it('is pinned by the rows that may be read and updated, by the grant that opens them', () => {
    const own = { ...nothing, read_filters: [is('seen', true)], update_filters: [is('team', 'x')] };
    const policy = oidcPolicy(
      userRecord(own),
      oidcRecord('g1', { update_filters: [is('colour', 'red')] }),
      oidcRecord('g2', { update_filters: [is('colour', 'blue')] }),
    );
    const row = { id: 'a', seen: true, team: 'x', colour: 'red' };
    const condition = policy.updateCondition(item(row), item({ ...row, seen: false }), paths('seen'));
    const stored = [row, { ...row, seen: false }, { ...row, team: 'y' }, { ...row, colour: 'blue' }, { id: 'a' }];
    expect(stored.map((each) => evaluator(condition)(item(each)))).toEqual([true, false, false, false, false]);
  });

  it('stays inside the own boundary, before and after', () => {
    const policy = oidcPolicy(userRecord({ ...nothing, update_filters: [is('team', 'x')] }), oidcRecord('g1'));
    expect(update(policy, { team: 'x' }, { team: 'x', n: 1 }, 'n')).toBeUndefined();
    expect(update(policy, { team: 'x' }, { team: 'y' }, 'team')).toBe('row_not_permitted');
    expect(update(policy, { team: 'y' }, { team: 'x' }, 'team')).toBe('row_not_permitted');
  });
});

describe('a delete of a row', () => {
  it('needs rows(read) and rows(delete)', () => {
    const policy = keyPolicy({ read_filters: [is('colour', 'red')], delete_filters: [is('done', true)] });
    const code = (plain: object) => codeOf(() => policy.deleteCondition(item({ id: 'a', ...plain })));
    expect(code({ colour: 'red', done: true })).toBeUndefined();
    expect(code({ colour: 'red', done: false })).toBe('row_not_permitted');
    expect(code({ colour: 'red' })).toBe('row_not_permitted');
    expect(code({ colour: 'blue', done: true })).toBe('row_not_permitted');
    const condition = policy.deleteCondition(item({ id: 'a', colour: 'red', done: true }));
    const stored = [
      { colour: 'red', done: true },
      { colour: 'blue', done: true },
      { colour: 'red', done: false },
    ];
    expect(stored.map((each) => evaluator(condition)(item({ id: 'a', ...each })))).toEqual([true, false, false]);
    const refused = () => policy.deleteCondition(item({ id: 'a', colour: 'red' }));
    expect(refused).toThrow('the item is outside the rows the caller may delete');
  });
});
