// "Grants and their merge", rule by rule, on rows: who may do what with which item.

import { describe, expect, it } from 'vitest';
import { printCondition } from '../../../lib/condition/print.ts';
import { table } from '../../../lib/definition/table.ts';
import {
  codeOf,
  idsFor,
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

const is = (field: string, value: unknown, more: object = {}) => ({ field, value, ...more });
const only = (endpoint: string, method = '*') => ({ permitted_endpoints: [{ method, endpoint }] });
const nothing = { permitted_endpoints: [] };

const rows = [
  item({ id: 'red-1', colour: 'red', size: 1 }),
  item({ id: 'red-2', colour: 'red', size: 2 }),
  item({ id: 'blue-1', colour: 'blue', size: 1 }),
  item({ id: 'blue-2', colour: 'blue', size: 2 }),
  item({ id: 'bare' }),
];
const all = ['red-1', 'red-2', 'blue-1', 'blue-2', 'bare'];

describe('rule 5: a request is permitted if one grant permits its method and path', () => {
  it.each([
    ['the own grant', userRecord(only('/items')), oidcRecord('g', nothing), undefined],
    ['an OIDC grant', userRecord(nothing), oidcRecord('g', only('/items')), undefined],
    ['none', userRecord(only('/other')), oidcRecord('g', only('/items', 'POST')), 'endpoint_not_permitted'],
    [
      'one the path, another the method',
      userRecord(only('/items', 'PUT')),
      oidcRecord('g', only('/x', 'GET')),
      'endpoint_not_permitted',
    ],
    [
      'a disabled one',
      userRecord(nothing),
      oidcRecord('g', { ...only('/items'), disabled: true }),
      'endpoint_not_permitted',
    ],
  ])('by %s', (_, own, group, code) => {
    const principal = principalOf(oidc(['g']), { auth: [own, group] });
    expect(codeOf(() => policyOf(principal))).toBe(code);
  });

  it('by a group of the record', () => {
    const record = keyRecord({ ...nothing, groups: ['g'] });
    expect(
      policyOf(principalOf(KEY, { auth: [record], groups: [{ group_id: 'g', ...only('/items') }] })),
    ).toBeDefined();
  });

  it('and refused by name where none does', () => {
    const refused = () => keyPolicy(only('/items', 'GET'), { method: 'POST', path: '/items/a%2Fb' });
    expect(refused).toThrow("POST /items/a%2Fb is not among the caller's permitted endpoints");
  });

  it('for HEAD as for GET', () => {
    expect(codeOf(() => keyPolicy(only('/items', 'GET'), { method: 'HEAD' }))).toBeUndefined();
    expect(codeOf(() => keyPolicy(only('/items', 'POST'), { method: 'HEAD' }))).toBe('endpoint_not_permitted');
  });
});

describe('rule 6: the rows of an action', () => {
  const read = (auth: object[], groups: string[] = ['g1', 'g2']) =>
    idsFor(policyOf(principalOf(oidc(groups), { auth: auth as never })), 'read', rows);

  it.each([
    ['all without a filter', [userRecord()], all],
    ['those of the own filters', [userRecord({ filter_fields: [is('colour', 'red')] })], ['red-1', 'red-2']],
    [
      'those of the own grant alone where it permits, whatever OIDC grants open',
      [userRecord({ filter_fields: [is('colour', 'red')] }), oidcRecord('g1'), oidcRecord('g2')],
      ['red-1', 'red-2'],
    ],
    [
      'those of one OIDC grant or another where there is no own record',
      [
        oidcRecord('g1', { filter_fields: [is('colour', 'red'), is('size', 1)] }),
        oidcRecord('g2', { filter_fields: [is('colour', 'blue')] }),
      ],
      ['red-1', 'blue-1', 'blue-2'],
    ],
    [
      'inside the own boundary, though the own grant does not permit',
      [
        userRecord({ ...nothing, filter_fields: [is('size', 1)] }),
        oidcRecord('g1', { filter_fields: [is('colour', 'red')] }),
        oidcRecord('g2', { filter_fields: [is('colour', 'blue')] }),
      ],
      ['red-1', 'blue-1'],
    ],
    [
      'of permitting OIDC grants only',
      [oidcRecord('g1', { filter_fields: [is('colour', 'red')] }), oidcRecord('g2', nothing)],
      ['red-1', 'red-2'],
    ],
    [
      'not of a disabled OIDC grant',
      [oidcRecord('g1', { filter_fields: [is('colour', 'red')] }), oidcRecord('g2', { disabled: true })],
      ['red-1', 'red-2'],
    ],
    ['none of a grant whose any is empty', [userRecord({ filter_fields: [{ any: [] }] })], []],
  ])('are %s', (_, auth, ids) => {
    expect(read(auth)).toEqual(ids);
  });

  it('are said once where the own grant permits: it is boundary and opening in one', () => {
    const policy = keyPolicy({ filter_fields: [is('colour', ['red', 'blue']), is('size', 1)] });
    expect(printCondition(policy.rows('read').condition)).toBe('colour in ("red", "blue") and size = 1');
  });

  it('join the filters of a record and all its groups', () => {
    const record = keyRecord({ groups: ['a', 'b'] });
    const groups = [
      { group_id: 'a', filter_fields: [is('colour', 'red')] },
      { group_id: 'b', read_filters: [is('size', 2)] },
    ];
    expect(idsFor(policyOf(principalOf(KEY, { auth: [record], groups })), 'read', rows)).toEqual(['red-2']);
  });
});

describe('rule 7: the filters of an action', () => {
  it.each(['read', 'create', 'update', 'delete'] as const)('are filter_fields and those of %s', (action) => {
    const policy = keyPolicy({ filter_fields: [is('colour', 'red')], [`${action}_filters`]: [is('size', 2)] });
    expect(idsFor(policy, action, rows)).toEqual(['red-2']);
    for (const other of ['read', 'create', 'update', 'delete'] as const) {
      if (other !== action) expect(idsFor(policy, other, rows)).toEqual(['red-1', 'red-2']);
    }
  });

  it('must all hold where they are about one field, of a record and its group, in one list and in two', () => {
    const filters = { filter_fields: [is('colour', ['red', 'blue'])], read_filters: [is('colour', ['blue', 'green'])] };
    expect(idsFor(keyPolicy(filters), 'read', rows)).toEqual(['blue-1', 'blue-2']);
    expect(idsFor(keyPolicy({ filter_fields: [is('size', 1), is('size', 2)] }), 'read', rows)).toEqual([]);
    const own = keyRecord({ groups: ['g'], read_filters: [is('size', [1, 2])] });
    const world = { auth: [own], groups: [{ group_id: 'g', read_filters: [is('size', [2, 3])] }] };
    expect(idsFor(policyOf(principalOf(KEY, world)), 'read', rows)).toEqual(['red-2', 'blue-2']);
  });

  it('hold for their table only', () => {
    const filters = { filter_fields: [is('colour', 'red', { table: 'items' }), is('size', 2, { table: 'orders' })] };
    expect(idsFor(keyPolicy(filters), 'read', rows)).toEqual(['red-1', 'red-2']);
    const orders = table('orders', { partitionKey: { id: 'string' } });
    expect(idsFor(keyPolicy(filters, { table: orders }), 'read', rows)).toEqual(['red-2', 'blue-2']);
  });

  it('do not hold for rows because they hold for audit rows', () => {
    expect(idsFor(keyPolicy({ audit_filters: [is('colour', 'red')] }), 'read', rows)).toEqual(all);
  });
});

describe('a policy has three values', () => {
  const missing = item({ id: 'missing' });
  const typed = item({ id: 'typed', status: 5 });
  const secret = item({ id: 'secret', status: 'secret' });
  const open = item({ id: 'open', status: 'open' });
  const listed = item({ id: 'listed', status: ['secret'] });
  const each = [missing, typed, secret, open, listed];

  it.each([
    ['ne', is('status', 'secret', { operator: 'ne' }), ['open']],
    ['not eq', { not: is('status', 'secret') }, ['open']],
    ['notin', is('status', ['secret', 'x'], { operator: 'notin' }), ['open']],
    ['notin of two types', is('status', ['secret', 1], { operator: 'notin' }), []],
    ['not in', { not: is('status', ['secret']) }, ['open']],
    ['notcontains', is('status', 'secret', { operator: 'notcontains' }), ['open']],
    ['not startswith', { not: is('status', 's', { operator: 'startswith' }) }, ['open']],
    ['not greater', { not: is('status', 'p', { operator: 'gt' }) }, ['open']],
    ['not between', { not: is('status', ['p', 'z'], { operator: 'between' }) }, ['open']],
    [
      'not all',
      { not: { all: [is('status', 'secret'), is('id', ['missing', 'typed', 'secret', 'open', 'listed'])] } },
      ['open'],
    ],
    ['not any', { not: { any: [is('status', 'secret'), is('nowhere', 1)] } }, []],
    [
      'not all, one part false',
      { not: { all: [is('nowhere', 1), is('id', 'missing')] } },
      ['typed', 'secret', 'open', 'listed'],
    ],
    ['any, one part true', { any: [is('nowhere', 1), is('id', 'typed')] }, ['typed']],
    ['not not', { not: { not: is('status', 'open') } }, ['open']],
    ['not exists', is('status', false, { operator: 'exists' }), ['missing']],
    ['not of exists', { not: is('status', true, { operator: 'exists' }) }, ['missing']],
    ['not of type', { not: is('status', 'S', { operator: 'type' }) }, ['missing', 'typed', 'listed']],
    ['an empty any', { any: [] }, []],
    ['an empty all', { all: [] }, ['missing', 'typed', 'secret', 'open', 'listed']],
    ['an empty in', is('status', []), []],
    ['an empty notin', is('status', [], { operator: 'notin' }), ['missing', 'typed', 'secret', 'open', 'listed']],
    ['an unresolved variable', is('status', { $var: 'claims.team' }), []],
    ['not of an unresolved variable', { not: is('status', { $var: 'claims.team' }) }, []],
    ['ne to an unresolved variable', is('status', { $var: 'claims.team' }, { operator: 'ne' }), []],
    ['notin of a variable that is no list', is('status', { $var: 'user.name' }, { operator: 'notin' }), []],
  ])('of which only true passes: %s', (_, filter, ids) => {
    expect(idsFor(keyPolicy({ filter_fields: [filter] }), 'read', each)).toEqual(ids);
  });
});

describe('rule 8: hidden and restricted paths', () => {
  it('are united over all grants, permitting or not, and the definition', () => {
    const hides = table('items', {
      partitionKey: { id: 'string' },
      attributes: { cost: { type: 'number', hidden: true } },
      version: '_v',
    });
    const principal = principalOf(oidc(['g1', 'g2', 'g3']), {
      auth: [
        userRecord({ exclude_fields: ['a'], update_fields_restricted: ['r'], groups: ['h'] }),
        oidcRecord('g1', { exclude_fields: ['b'], update_fields_restricted: ['s'] }),
        oidcRecord('g2', { ...nothing, exclude_fields: ['c.d.e'] }),
        oidcRecord('g3', { disabled: true, exclude_fields: ['e'], update_fields_restricted: ['t'] }),
      ],
      groups: [{ group_id: 'h', exclude_fields: ['f'] }],
    });
    const { hidden, restricted } = policyOf(principal, { table: hides });
    for (const name of ['a', 'b', 'e', 'f', 'cost', '_v']) expect(hidden.place([name]), name).toBe('inside');
    expect([hidden.place(['c', 'd']), hidden.place(['c', 'd', 'e']), hidden.place(['c', 'd', 'x'])]).toEqual([
      'above',
      'inside',
      'apart',
    ]);
    for (const name of ['r', 's', 't']) expect(restricted.place([name]), name).toBe('inside');
    expect(restricted.place(['a'])).toBe('apart');
  });
});
