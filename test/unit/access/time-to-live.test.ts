// Who may write a table's time to live: setting it deletes the row later.

import { describe, expect, it } from 'vitest';
import {
  checkCreated,
  checkCreatedRow,
  checkUpdated,
  mayRead,
  updatePolicy,
} from '../../../lib/access/write-access.ts';
import { type Path, parsePath } from '../../../lib/base/path.ts';
import { table } from '../../../lib/definition/table.ts';
import { codeOf, NOW, oidc, oidcRecord, policyOf, principalOf, userRecord } from '../../support/access.ts';
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
    expect(codeOf(() => checkUpdated(policy, paths('until')))).toBe(code);
    expect(codeOf(() => checkUpdated(policy, paths('x', 'until')))).toBe(code);
    expect(codeOf(() => checkCreated(policy, paths('until')))).toBe(code);
    expect(codeOf(() => checkCreated(policy, paths('id')))).toBeUndefined();
  });

  it('may be set to the past by who may set it: the row need not be live afterwards', () => {
    const policy = policyWith(lists);
    const [before, after] = [item({ id: 'a', until: NOW + 10 }), item({ id: 'a', until: NOW - 10 })];
    expect(codeOf(() => updatePolicy(policy, before, after, paths('until')))).toBeUndefined();
    expect(mayRead(policy, after)).toBe(false);
  });

  it('needs its grant to accept the new row', () => {
    const policy = policyWith(
      nothing,
      oidcRecord('g1', { ...lists, filter_fields: [is('colour', 'red')] }),
      oidcRecord('g2', { filter_fields: [is('colour', 'blue')] }),
    );
    const row = (colour: string) =>
      codeOf(() => checkCreatedRow(policy, item({ id: 'a', colour, until: NOW + 1 }), paths('until')));
    expect([row('red'), row('blue')]).toEqual([undefined, 'row_not_permitted']);
  });

  it('is all of a new row that its grant must list', () => {
    const policy = policyWith({ update_fields_permitted: ['until'] });
    const row = (...named: string[]) =>
      codeOf(() => checkCreatedRow(policy, item({ id: 'a', colour: 'red', until: NOW + 1 }), paths(...named)));
    expect([row('id', 'colour', 'until'), row('id', 'colour')]).toEqual([undefined, undefined]);
  });
});
