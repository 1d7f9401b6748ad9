// What `{ "$var": … }` stands for in a policy's filters, and what of a grant is kept from one request to the next.

import { describe, expect, it } from 'vitest';
import { Permission } from '../../../lib/access/permission.ts';
import { Policy } from '../../../lib/access/policy.ts';
import { RecordMemo } from '../../../lib/access/record-memo.ts';
import {
  CONTEXT,
  ITEMS,
  idsFor,
  NOW,
  oidc,
  oidcRecord,
  policyOf,
  principalOf,
  userRecord,
} from '../../support/access.ts';
import { item } from '../../support/values.ts';

const is = (field: string, value: unknown, more: object = {}) => ({ field, value, ...more });

describe('variables', () => {
  const one = (field: unknown, of: string) =>
    idsFor(
      policyOf(
        principalOf(oidc(['g'], { email: 'jane@example.com', claims: new Map([['team', { S: 'blue' }]]) }), {
          auth: [userRecord({ name: 'Jane', groups: ['h'], filter_fields: [is('x', { $var: of })] }), oidcRecord('g')],
          groups: [{ group_id: 'h' }],
        }),
      ),
      'read',
      [item({ id: 'found', x: field })],
    );

  it.each([
    ['user.id', 'jane'],
    ['user.username', 'jane'],
    ['user.name', 'Jane'],
    ['user.email', 'jane@example.com'],
    ['claims.team', 'blue'],
    ['now', '2026-01-01T00:00:00.000Z'],
    ['now.epoch', NOW],
    ['user.groups', 'jane'],
    ['user.groups', 'g'],
    ['user.groups', 'h'],
  ])('%s is %s', (name, value) => {
    expect(one(value, name)).toEqual(['found']);
    expect(one('other', name)).toEqual([]);
    expect(one(String(NOW), 'now.epoch')).toEqual([]);
  });
});

describe('the time of day', () => {
  const passes = (name: string, at: unknown, now: number) => {
    const auth = [oidcRecord('g', { filter_fields: [is('at', { $var: name })] })];
    const permission = Permission.decide(principalOf(oidc(['g']), { auth }), 'GET', '/items');
    return idsFor(Policy.of(permission, ITEMS, now), 'read', [item({ id: 'found', at })]).length === 1;
  };

  it('is in milliseconds as text, and in whole seconds that have passed as a number', () => {
    const late = NOW * 1000 + 999;
    expect(passes('now', '2026-01-01T00:00:00.999Z', late)).toBe(true);
    expect([NOW, NOW + 1].map((at) => passes('now.epoch', at, late))).toEqual([true, false]);
    expect([NOW, NOW + 1].map((at) => passes('now.epoch', at, late + 1))).toEqual([false, true]);
  });
});

describe('a variable that is empty text', () => {
  const rows = [item({ id: 'text', x: 'jane' }), item({ id: 'empty', x: '' }), item({ id: 'list', x: ['', 'jane'] })];
  const found = (operator: string, $var: string, wrap = (filter: object): object => filter) => {
    const filter = wrap(is('x', { $var }, { operator }));
    const claims = new Map([
      ['team', { S: '' }],
      ['teams', { L: [{ S: '' }, { S: 'jane' }] }],
    ]);
    const context = { ...CONTEXT, variables: [...CONTEXT.variables, 'claims.teams'] };
    const world = { auth: [oidcRecord('g', { filter_fields: [filter] })] };
    return idsFor(policyOf(principalOf(oidc(['g'], { name: '', email: '', claims }), world, context)), 'read', rows);
  };

  it.each(['eq', 'ne', 'startswith', 'contains', 'notcontains', 'gt', 'gte', 'lt', 'lte'])(
    'is unknown, and so is what is compared with it: %s',
    (operator) => {
      for (const name of ['claims.team', 'user.name', 'user.email']) {
        expect(found(operator, name), name).toEqual([]);
        expect(
          found(operator, name, (filter) => ({ not: filter })),
          name,
        ).toEqual([]);
      }
    },
  );

  it('is no member of a list', () => {
    expect(found('in', 'claims.teams')).toEqual(['text']);
    // What depends on a member that nobody knows is not true.
    expect(found('notin', 'claims.teams')).toEqual([]);
    expect(found('haselements', 'claims.teams')).toEqual([]);
  });
});

describe('a variable without a value', () => {
  const rows = [item({ id: 'named', x: 'jane' }), item({ id: 'bare' })];
  const found = (operator: string, $var: string, context = CONTEXT) => {
    const filters = [is('x', { $var }, { operator })];
    const world = { auth: [oidcRecord('g', { filter_fields: filters })] };
    return idsFor(policyOf(principalOf(oidc(['g']), world, context)), 'read', rows);
  };

  it.each(['user.name', 'user.email', 'claims.team'])('is unknown, and so is what is compared with it: %s', (name) => {
    for (const operator of ['eq', 'ne', 'gt', 'contains', 'notcontains']) {
      expect(found(operator, name), operator).toEqual([]);
    }
  });

  it('is also one that a record may name, and that means nothing here', () => {
    const context = { ...CONTEXT, variables: [...CONTEXT.variables, 'user.shoe_size'] };
    for (const operator of ['eq', 'ne']) expect(found(operator, 'user.shoe_size', context), operator).toEqual([]);
  });
});

describe('a variable whose value is empty text', () => {
  const rows = ['', 'jane', '\u{1f600}', 5, ['', 'jane'], undefined].map((x, at) => item({ id: `${at}`, x }));
  const OPERATORS = [
    ...['eq', 'ne', 'startswith', 'contains', 'notcontains', 'gt', 'gte', 'ge', 'lt', 'lte', 'le', 'type', 'exists'],
    ...['in', 'notin', 'between', 'haselements'],
  ];
  const found = (filter: object, more: object) =>
    idsFor(
      policyOf(principalOf(oidc(['g'], more), { auth: [oidcRecord('g', { filter_fields: [filter] })] })),
      'read',
      rows,
    );

  it.each<[string, object]>([
    ['user.id', { username: '' }],
    ['user.username', { username: '' }],
    ['user.name', { name: '' }],
    ['user.email', { email: '' }],
    ['claims.team', { claims: new Map([['team', { S: '' }]]) }],
    ['claims.team', { claims: new Map([['team', { L: [{ S: '' }] }]]) }],
  ])('opens nothing, with any operator, and nothing by `not`: %s of %j', ($var, more) => {
    for (const operator of OPERATORS) {
      const filter = is('x', { $var }, { operator });
      expect([found(filter, more), found({ not: filter }, more)], operator).toEqual([[], []]);
    }
  });

  it('is a member that nobody knows of a list that has others', () => {
    const more = { claims: new Map([['team', { L: [{ S: '' }, { S: 'jane' }] }]]) };
    const of = (operator: string) => found(is('x', { $var: 'claims.team' }, { operator }), more);
    expect([of('in'), of('notin'), of('haselements')]).toEqual([['1'], [], []]);
  });
});

describe('the groups of a record that is disabled', () => {
  const rows = ['on', 'off', 'of-off', 'joe', 5].map((x) => item({ id: String(x), x }));
  const found = (operator: string, disabled: boolean, memo: RecordMemo) => {
    const auth = [
      oidcRecord('on', { filter_fields: [is('x', { $var: 'user.groups' }, { operator })] }),
      oidcRecord('off', { disabled, groups: ['of-off'], permitted_endpoints: [] }),
    ];
    const world = { auth, groups: [{ group_id: 'of-off' }] };
    return idsFor(policyOf(principalOf(oidc(['on', 'off']), world, CONTEXT, memo)), 'read', rows);
  };

  it.each<[string, string[], string[]]>([
    ['in', ['on', 'off', 'of-off'], ['on']],
    ['notin', ['joe'], ['joe']],
  ])('open nothing in `user.groups`, and restrict as ever: %s', (operator, active, disabled) => {
    const memo = new RecordMemo(CONTEXT);
    expect([false, true, false].map((off) => found(operator, off, memo))).toEqual([active, disabled, active]);
  });
});

describe('grants that stay parsed from one request to the next', () => {
  const mine = oidcRecord('g', { filter_fields: [is('owner', { $var: 'user.id' }), is('colour', 'red')] });
  const owned = [item({ id: '1', owner: 'jane', colour: 'red' }), item({ id: '2', owner: 'joe', colour: 'red' })];
  const rowsOf = (username: string, memo: RecordMemo, more: object = {}) => {
    const principal = principalOf(oidc(['g'], { username }), { auth: [{ ...mine, ...more }] }, CONTEXT, memo);
    return { principal, ids: idsFor(policyOf(principal), 'read', owned) };
  };

  it('are the same objects, and let each caller see its own rows', () => {
    const memo = new RecordMemo(CONTEXT);
    const [jane, joe, again] = ['jane', 'joe', 'jane'].map((username) => rowsOf(username, memo));
    expect([jane?.ids, joe?.ids, again?.ids]).toEqual([['1'], ['2'], ['1']]);
    expect(joe?.principal.oidcGrants[0]).toBe(jane?.principal.oidcGrants[0]);
  });

  it('are others where a filter has changed', () => {
    const memo = new RecordMemo(CONTEXT);
    expect(rowsOf('jane', memo).ids).toEqual(['1']);
    expect(rowsOf('jane', memo, { read_filters: [is('colour', 'blue')] }).ids).toEqual([]);
    expect(rowsOf('jane', memo, { filter_fields: [is('colour', 'red')] }).ids).toEqual(['1', '2']);
  });

  it('have the rows of each table and of each moment', () => {
    const memo = new RecordMemo(CONTEXT);
    const filters = [is('owner', 'jane', { table: 'items' }), is('owner', 'joe', { table: 'orders' })];
    const auth = [oidcRecord('g', { filter_fields: filters, update_filters: [is('n', 1)] })];
    const principal = principalOf(oidc(['g']), { auth }, CONTEXT, memo);
    const seen = (name: string) => idsFor(policyOf(principal, { table: { ...ITEMS, name } }), 'read', owned);
    expect([seen('items'), seen('orders'), seen('items')]).toEqual([['1'], ['2'], ['1']]);
    expect(idsFor(policyOf(principal), 'update', owned)).toEqual([]);
    const until = [oidcRecord('g', { filter_fields: [is('until', { $var: 'now.epoch' }, { operator: 'gt' })] })];
    const timed = Permission.decide(principalOf(oidc(['g']), { auth: until }, CONTEXT, memo), 'GET', '/items');
    const row = [item({ id: 'x', until: NOW })];
    expect([NOW - 1, NOW].map((now) => idsFor(Policy.of(timed, ITEMS, now * 1000), 'read', row))).toEqual([['x'], []]);
  });

  describe('keep the rows of a caller, so that they are not made at each request', () => {
    const conditions = (filters: object[], ...callers: [username: string, now: number][]) => {
      const memo = new RecordMemo(CONTEXT);
      const auth = [oidcRecord('g', { filter_fields: filters })];
      return callers.map(([username, now]) => {
        const principal = principalOf(oidc(['g'], { username, email: `${username}@x.org` }), { auth }, CONTEXT, memo);
        return Policy.of(Permission.decide(principal, 'GET', '/items'), ITEMS, now).rows('read').condition;
      });
    };
    const since = (name: string) => is('until', { $var: name }, { operator: 'gt' });

    it('by what the variables of its filters are', () => {
      const filters = [is('owner', { $var: 'user.id' }), is('email', { $var: 'user.email' })];
      const [jane, joe, later] = conditions(filters, ['jane', NOW], ['joe', NOW], ['jane', NOW + 5_000]);
      expect(later).toBe(jane);
      expect(joe).not.toBe(jane);
    });

    it.each([
      ['now', [since('now')]],
      ['now.epoch', [since('now.epoch')]],
      ['now.epoch beside others', [is('owner', { $var: 'user.id' }), since('now.epoch')]],
    ])('and never by the time of day, which would keep what comes once: %s', (_, filters) => {
      const [first, again] = conditions(filters, ['jane', NOW * 1000], ['jane', NOW * 1000]);
      expect(again).toEqual(first);
      expect(again).not.toBe(first);
    });
  });
});
