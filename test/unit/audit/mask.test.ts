// Attributes marked `sensitive` are `"***"` wherever they stand: images, body, parameters, path.

import { describe, expect, it } from 'vitest';
import { unpackImages } from '../../../lib/audit/images.ts';
import { sensitiveNames } from '../../../lib/audit/mask.ts';
import { type AuditEvent, auditRows } from '../../../lib/audit/row.ts';
import { printItem } from '../../../lib/base/json.ts';
import { toPlainItem } from '../../../lib/base/plain.ts';
import { attribute, type Item, itemOf, type Value, withAttributes } from '../../../lib/base/value.ts';
import { table } from '../../../lib/definition/table.ts';
import { EVENT } from '../../support/audit-event.ts';
import { item } from '../../support/values.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const vault = table('vault', {
  partitionKey: 'pin',
  attributes: {
    pin: { type: 'string', sensitive: true },
    secret: { type: 'string', sensitive: true },
    tax__id: { type: 'string', sensitive: true },
  },
});

const digest = (text: string) => `digest-of-${text.length}`;
const textOf = (rows: readonly Item[]) => rows.map(printItem).join('\n');

describe('a sensitive attribute', () => {
  const sensitive = sensitiveNames([items, vault]);
  const SECRET = 'hunter2';
  const search = (search_key: string) => ({
    route: '/items/{search_key}/{search_value}',
    pathParameters: new Map([
      ['search_key', search_key],
      ['search_value', SECRET],
    ]),
  });

  it('is known by its definition', () => {
    expect([...sensitive].toSorted()).toEqual(['pin', 'secret', 'tax__id']);
  });

  it.each([
    ['an image after', { after: item({ id: 'a', secret: SECRET }) }],
    ['an image before', { before: item({ id: 'a', secret: SECRET }) }],
    ['what changed', { before: item({ id: 'a', secret: SECRET }), after: item({ id: 'a', secret: 'other', x: 1 }) }],
    ['what it changed to', { before: item({ id: 'a', secret: 'other' }), after: item({ id: 'a', secret: SECRET }) }],
    ['a map', { after: item({ id: 'a', secret: { deep: [SECRET] } }) }],
    ['a body', { body: item({ secret: SECRET, id: 'a' }) }],
    ['a body with a map', { body: item({ secret: { x: SECRET } }) }],
    ['a path parameter', { route: '/vault/{secret}', pathParameters: new Map([['secret', SECRET]]) }],
    [
      'a key',
      {
        route: '/vault/{pin}',
        pathParameters: new Map([['pin', SECRET]]),
        resource: { table: vault, key: item({ pin: SECRET }) },
      },
    ],
    ['a search', search('secret')],
    ['a search below it', search('secret.x')],
    ['a search in it', search('secret[0]')],
    ['a search with an operator, which is refused', search('secret__ne')],
    ['a parameter', { query: [['secret', SECRET]] }],
    ['a parameter with an operator', { query: [['secret__startswith', SECRET]] }],
    ['a parameter with an unknown operator', { query: [['secret__beginswith', SECRET]] }],
    ['a parameter below it', { query: [['secret.x__ne', SECRET]] }],
    ['a parameter that has its name behind another', { query: [['item__secret', SECRET]] }],
    ['a parameter that has its name, which is spelt with `__`', { query: [['tax__id', SECRET]] }],
    ['the same with an operator', { query: [['tax__id__ne', SECRET]] }],
    ['the same below another', { query: [['after.tax__id', SECRET]] }],
    ['the body of a search', { ...search('secret'), body: [{ S: SECRET }] }],
    ['a parameter in it', { query: [['secret[0]', SECRET]] }],
    [
      'a repeated parameter',
      {
        query: [
          ['secret', SECRET],
          ['x', '1'],
          ['secret', SECRET],
        ],
      },
    ],
    ...(
      ['SECRET', 'Secret', 'secret\0', '\tsecret', ' secret ', 'se\u200bcret', 'se\u00adcret', 'secret\ufe0f'] as const
    ).map((name) => [`a parameter that looks like it, ${JSON.stringify(name)}`, { query: [[name, SECRET]] }]),
    ['a parameter in fullwidth letters', { query: [['ｓｅｃｒｅｔ＿＿eq', SECRET]] }],
    ['a parameter with another word before it', { query: [['my Secret', SECRET]] }],
    ['a parameter with a control character and more behind it', { query: [['secret\0x', SECRET]] }],
    ['a parameter with a long s', { query: [['ſecret', SECRET]] }],
    ['a parameter that looks like it, with an unknown operator', { query: [['Secret__begins', SECRET]] }],
    ['a parameter below what looks like it', { query: [['item.SECRET.x', SECRET]] }],
    ['a parameter that looks like it in fullwidth punctuation', { query: [['item．SECRET［0］', SECRET]] }],
    ['a parameter with more than its name', { query: [['"secret"', SECRET]] }],
    ['a parameter with the wrong sign behind it', { query: [['secret:eq', SECRET]] }],
    ['a parameter that looks like one spelt with `__`', { query: [['x__TAX__ID__ne', SECRET]] }],
    ['a parameter that has its name twice', { query: [['secrets.secret', SECRET]] }],
    ['a mistyped filter', { query: [['_WHERE ', `{"field":"x","value":"${SECRET}"}`]] }],
    ['a filter under another name', { query: [['filter', `{"field":"secret","value":"${SECRET}"}`]] }],
    ['a map under another name', { query: [['x', `{"Secret":"${SECRET}"}`]] }],
    ['a search for what looks like it', search('Secret')],
    ['the body of such a search', { ...search('SECRET\u200b'), body: [{ S: SECRET }] }],
    [
      'a path parameter that looks like it',
      { route: '/vault/{Secret}', pathParameters: new Map([['Secret', SECRET]]) },
    ],
    ['a body with what looks like it', { body: item({ Secret: SECRET }) }],
    ['a body with it in a map', { body: item({ a: { secret: SECRET } }) }],
    ['a body with it in maps of lists', { body: item({ a: [[{ b: { 'SECRET\0': [SECRET] } }]] }) }],
    [
      'the body of a search that is a list of items',
      {
        ...search('x'),
        pathParameters: new Map([
          ['search_key', 'x'],
          ['search_value', 'y'],
        ]),
        body: [{ M: item({ secret: SECRET }) }],
      },
    ],
    ['an image with what looks like it', { after: item({ id: 'a', ' SECRET': SECRET }) }],
    ['a filter', { query: [['_where', `{"field":"secret","value":"${SECRET}"}`]] }],
    ['a large image', { after: item({ id: 'a', secret: SECRET, x: 'y'.repeat(390_000) }) }],
  ] as [string, Partial<AuditEvent>][])('is masked in %s', (_, event) => {
    const rows = auditRows({ ...EVENT, ...event, sensitive }, digest);
    const { after, before } = unpackImages(rows);
    const text = [textOf(rows), after && printItem(after), before && printItem(before)].join('\n');
    expect(text).not.toContain(SECRET);
    expect(text).toContain('***');
  });

  it('leaves the name that is searched for', () => {
    const [row] = auditRows({ ...EVENT, ...search('secret'), sensitive }, digest);
    expect(toPlainItem(row as Item)).toMatchObject({
      path: '/items/secret/***',
      path_params: { search_key: 'secret', search_value: '***' },
    });
  });

  it('leaves no digest of what is searched for, however large or deep it is', () => {
    let deep: Value = { S: SECRET };
    for (let levels = 0; levels < 32; levels += 1) deep = { L: [deep] };
    for (const body of [[deep], [{ S: 'y'.repeat(40_000) }]]) {
      const [row] = auditRows({ ...EVENT, ...search('secret'), body, sensitive }, digest);
      expect(row?.['body']).toEqual({ S: '***' });
    }
  });

  it('masks no filter where there is none', () => {
    const [row] = auditRows({ ...EVENT, query: [['_where', '{"field":"x","value":1}']] }, digest);
    expect(toPlainItem(row as Item)['query_params']).toEqual({ _where: '{"field":"x","value":1}' });
  });

  it('hides nothing else', () => {
    const event = {
      query: [
        ['secrets', 'shown'],
        ['x', 'secret'],
        ['secret_code', 'shown too'],
        ['secret2', 'shown too'],
        ['secreť', 'shown too'],
        ['top-secret', 'shown too'],
        ['_sort', '-secret'],
        ['_fields', 'secret,x'],
        ['x__eq', '{8c1f}'],
      ] as const,
      body: item({ a: { b: 'kept', secrets: [1] }, 'Secret Santa': 'kept' }),
      ...search('status'),
    };
    const text = textOf(auditRows({ ...EVENT, ...event, sensitive }, digest));
    for (const word of ['shown', 'kept', SECRET]) expect(text).toContain(word);
    expect(text).not.toContain('***');
  });

  it('is found in no time, however long and strange a name is', () => {
    const strange = `secret${'\u0301\u0323'.repeat(100_000)}`;
    const event = { body: item({ [strange]: 'kept', ['secre'.repeat(40_000)]: 'kept' }) };
    const [row] = auditRows({ ...EVENT, ...event, query: [['pi'.repeat(5_000), 'shown']], sensitive }, digest);
    expect(textOf([row as Item])).not.toContain('***');
  });

  it('whose name is nothing that is seen is masked as it is written', () => {
    const blank = sensitiveNames([
      table('blank', {
        partitionKey: 'id',
        attributes: { ' ': { type: 'string', sensitive: true }, id: { type: 'string' } },
      }),
    ]);
    const query = [
      [' ', SECRET],
      ['x', 'shown'],
    ] as const;
    const text = textOf(
      auditRows({ ...EVENT, query, after: item({ id: 'a', ' ': SECRET }), sensitive: blank }, digest),
    );
    expect(text).not.toContain(SECRET);
    expect(text).toContain('shown');
  });

  it('still is an attribute that was added, or removed', () => {
    const rows = auditRows(
      { ...EVENT, before: item({ id: 'a' }), after: item({ id: 'a', secret: SECRET }), sensitive },
      digest,
    );
    const { after, before = itemOf([]), added = [] } = unpackImages(rows);
    expect(withAttributes(after as Item, before, added)).toEqual(item({ id: 'a' }));
    expect(attribute(after as Item, 'secret')).toEqual({ S: '***' });
  });
});
