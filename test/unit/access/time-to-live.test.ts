// A table's time to live: who may set it, which deletes the row later, and what is left of an expired row.

import { describe, expect, it } from 'vitest';
import { type Path, parsePath } from '../../../lib/base/path.ts';
import { evaluator } from '../../../lib/condition/evaluate.ts';
import { table } from '../../../lib/definition/table.ts';
import {
  codeOf,
  ITEMS,
  idsFor,
  keyPolicy,
  NOW,
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

describe('a time to live, which is a delayed delete', () => {
  const expiring = table('items', { partitionKey: { id: 'string' }, ttl: 'until' });
  const policyWith = (own: object, ...groups: Record<string, unknown>[]) =>
    policyOf(principalOf(oidc(groups.map(({ id }) => String(id))), { auth: [userRecord(own as never), ...groups] }), {
      table: expiring,
    });
  const lists = { update_fields_permitted: ['until', 'x'] };

  it.each([
    ['no list', policyWith({}), 'field_not_permitted'],
    ['a list without it', policyWith({ update_fields_permitted: ['x'] }), 'field_not_permitted'],
    ['a list with it', policyWith(lists), undefined],
    [
      'a list of a grant that does not permit',
      policyWith(nothing, oidcRecord('g1'), oidcRecord('g2', { ...nothing, ...lists })),
      'field_not_permitted',
    ],
    // Where the own grant permits, it alone does: no other grant opens anything.
    ['a list of a grant beside the own, which permits', policyWith({}, oidcRecord('g1', lists)), 'field_not_permitted'],
    ['a list of a permitting grant', policyWith(nothing, oidcRecord('g1', lists)), undefined],
    [
      'a list of one of two permitting grants',
      policyWith(nothing, oidcRecord('g1', lists), oidcRecord('g2')),
      undefined,
    ],
    [
      'a list of a permitting grant, not of the own',
      policyWith({ ...nothing, update_fields_permitted: ['x'] }, oidcRecord('g1', lists)),
      'field_not_permitted',
    ],
  ])('is written under %s', (_, policy, code) => {
    expect(codeOf(() => policy.checkUpdated(paths('until')))).toBe(code);
    expect(codeOf(() => policy.checkUpdated(paths('x', 'until')))).toBe(code);
    expect(codeOf(() => policy.checkCreated(paths('until')))).toBe(code);
    expect(codeOf(() => policy.checkCreated(paths('id')))).toBeUndefined();
  });

  it('may be set to the past by who may set it: the row need not be live afterwards', () => {
    const policy = policyWith(lists);
    const [before, after] = [item({ id: 'a', until: NOW + 10 }), item({ id: 'a', until: NOW - 10 })];
    expect(codeOf(() => policy.updateCondition(before, after, paths('until')))).toBeUndefined();
    expect(policy.mayRead(after)).toBe(false);
  });

  it('needs its grant to accept the new row', () => {
    const policy = policyWith(
      nothing,
      oidcRecord('g1', { ...lists, filter_fields: [is('colour', 'red')] }),
      oidcRecord('g2', { filter_fields: [is('colour', 'blue')] }),
    );
    const row = (colour: string) =>
      codeOf(() => policy.checkCreatedRow(item({ id: 'a', colour, until: NOW + 1 }), paths('until')));
    expect([row('red'), row('blue')]).toEqual([undefined, 'row_not_permitted']);
  });

  it('is all of a new row that its grant must list', () => {
    const policy = policyWith({ update_fields_permitted: ['until'] });
    const row = (...named: string[]) =>
      codeOf(() => policy.checkCreatedRow(item({ id: 'a', colour: 'red', until: NOW + 1 }), paths(...named)));
    expect([row('id', 'colour', 'until'), row('id', 'colour')]).toEqual([undefined, undefined]);
  });
});

describe('an expired row', () => {
  const expiring = table('items', { partitionKey: { id: 'string' }, ttl: 'until' });
  const policy = keyPolicy({}, { table: expiring });
  const old = [item({ id: 'past', until: NOW - 1 }), item({ id: 'now', until: NOW })];
  const live = [item({ id: 'soon', until: NOW + 1 }), item({ id: 'never' }), item({ id: 'text', until: '1' })];

  it.each(['read', 'update', 'delete'] as const)('does not exist for %s', (action) => {
    expect(idsFor(policy, action, [...old, ...live])).toEqual(['soon', 'never', 'text']);
  });

  it('has images like any other, which are held to the read filters', () => {
    const filters = { filter_fields: [is('id', ['past', 'soon'])], update_filters: [is('id', 'none')] };
    const { images } = keyPolicy(filters, { table: expiring });
    expect([...old, ...live].filter(evaluator(images))).toEqual([old[0], live[0]]);
  });

  it('may be created: whose grant lists the expiry may set it to the past', () => {
    expect(idsFor(policy, 'create', [...old, ...live])).toEqual(['past', 'now', 'soon', 'never', 'text']);
  });

  it('is a row like any other where the table has no ttl', () => {
    expect(idsFor(keyPolicy({}, { table: ITEMS }), 'read', old)).toEqual(['past', 'now']);
  });
});
