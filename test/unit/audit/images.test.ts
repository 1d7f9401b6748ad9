// "Both images can be had from the one row. Large images are compressed; what does not fit in one row goes into further
// rows of the same transaction."

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { depthOf, type ImageRow, packImages, unpackImages } from '../../../lib/audit/images.ts';
import { readImages } from '../../../lib/audit/whole-images.ts';
import { itemBytes } from '../../../lib/base/item-size.ts';
import { attribute, type Item, itemOf, type Value } from '../../../lib/base/value.ts';
import { equalValues } from '../../../lib/condition/evaluate.ts';
import { hostileItems } from '../../corpus/hostile-items.ts';
import { item } from '../../support/values.ts';

const row = item({ time: '2026-01-01T00:00:00.000000Z', id: 'an-id', action: 'UPDATE', expire_time: 5 });

/** Text that gzip makes nothing of: digests in base64, the same in every run. */
function noise(bytes: number, seed = ''): string {
  let text = '';
  for (let i = 0; text.length < bytes; i += 1) text += createHash('sha512').update(`${seed}${i}`).digest('base64');
  return text.slice(0, bytes);
}

const bytes = (seed: string): Value => ({
  B: new Uint8Array(Buffer.from(noise(530_000, seed).replaceAll('=', ''), 'base64')),
});

function nested(levels: number, inner: Value): Value {
  return levels === 0
    ? inner
    : levels % 2 === 0
      ? { L: [nested(levels - 1, inner)] }
      : { M: { a: nested(levels - 1, inner) } };
}

function same(left: ImageRow, right: ImageRow): void {
  expect(Object.keys(left).toSorted()).toEqual(Object.keys(right).toSorted());
  for (const name of ['after', 'before'] as const) {
    const [one, other] = [left[name], right[name]];
    expect(one === undefined).toBe(other === undefined);
    if (one && other) expect(equalValues({ M: one }, { M: other }), name).toBe(true);
  }
  expect(left.added).toEqual(right.added);
}

function check(images: ImageRow): readonly Item[] {
  const rows = packImages(row, images);
  for (const each of rows) {
    expect(itemBytes(each)).toBeLessThanOrEqual(409_600);
    expect(depthOf({ M: each })).toBeLessThanOrEqual(32);
  }
  same(unpackImages(rows), images);
  return rows;
}

const small = item({
  id: 'a',
  n: 12345678901234567890n,
  s: new Set(['x']),
  b: new Uint8Array([0, 1, 255]),
  l: [{ y: null }],
});

describe('small images', () => {
  it.each([
    ['of a create', { after: small }],
    ['of an update', { after: small, before: item({ n: 1 }), added: ['s', 'b'] }],
    ['of an update that only added', { after: small, before: item({}), added: ['s'] }],
    ['of an update that changed nothing', { after: small, before: item({}) }],
    ['of a delete', { before: small }],
  ] as [string, ImageRow][])('stand in the row as they are: %s', (_, images) => {
    const rows = check(images);
    expect(rows).toHaveLength(1);
    for (const name of ['after', 'before', 'added'] as const) expect(name in (rows[0] ?? {})).toBe(name in images);
    for (const name of ['after', 'before'] as const) {
      if (images[name]) expect(rows[0]?.[name]).toEqual({ M: images[name] });
    }
    for (const name of Object.keys(row)) expect(rows[0]?.[name]).toEqual(row[name]);
  });
});

describe('the limit of images that stand in the row as they are', () => {
  it.each([
    [380_000, true],
    [380_001, false],
  ])('is a row of 380,000 bytes: %d', (bytes, expected) => {
    const image = (length: number) => item({ id: 'a', x: 'y'.repeat(length) });
    const [empty] = packImages(row, { after: image(0) });
    const [first] = check({ after: image(bytes - itemBytes(empty ?? {})) });
    expect('after' in (first ?? {})).toBe(expected);
  });

  it.each([
    [29, true],
    [30, false],
  ])('is a row of 31 levels, two of them above the attributes of an image: %d', (levels, expected) => {
    const [first] = check({ after: itemOf([['deep', nested(levels, { S: 'x' })]]) });
    expect('after' in (first ?? {})).toBe(expected);
  });
});

describe('images that do not fit', () => {
  it('are compressed, and stay in one row where that is enough', () => {
    const rows = check({ after: item({ id: 'a', x: 'y'.repeat(390_000) }), before: item({ x: 'z'.repeat(390_000) }) });
    expect(rows).toHaveLength(1);
    expect(attribute(rows[0] as Item, 'after')).toBeUndefined();
    expect(attribute(rows[0] as Item, 'action')).toEqual({ S: 'UPDATE' });
  });

  it.each([
    [
      'two items',
      { after: item({ id: 'a', x: noise(400_000, 'a') }), before: item({ x: noise(400_000, 'b') }), added: ['q'] },
    ],
    ['binary', { before: itemOf([['b', bytes('a')]]) }],
    ['two binaries', { after: itemOf([['b', bytes('a')]]), before: itemOf([['b', bytes('b')]]) }],
  ] as [string, ImageRow][])('and cannot be compressed go into further rows: %s', (_, images) => {
    const rows = check(images);
    expect(rows.length).toBeGreaterThan(1);
    expect(attribute(rows[0] ?? {}, 'parts')).toEqual({ N: String(rows.length) });
    const keys = rows.map((each) => JSON.stringify([attribute(each, 'time'), attribute(each, 'id')]));
    expect(new Set(keys).size).toBe(rows.length);
    for (const each of rows) {
      expect(attribute(each, 'time')).toEqual(row['time']);
      expect(attribute(each, 'expire_time')).toEqual(row['expire_time']);
    }
    expect(rows.reduce((bytes, each) => bytes + itemBytes(each), 0)).toBeLessThan(4 * 1024 * 1024 - 2 * 409_600);
  });

  it('leave no row empty', () => {
    const images = { after: item({ id: 'a', x: noise(390_000) }) };
    const [{ images: packed } = {}] = packImages(item({ id: 'i' }), images);
    const room = 380_000 - (packed && 'B' in packed ? packed.B.length : 0);
    const rowsOf = (bytes: number) => packImages(item({ id: 'i'.repeat(bytes - 'id'.length) }), images);
    expect(rowsOf(room).map((each) => Object.keys(each))).toEqual([['id', 'images', 'parts']]);
    expect(rowsOf(room + 1).map((each) => Object.keys(each))).toEqual([
      ['id', 'images', 'parts'],
      ['id', 'images'],
    ]);
  });

  it('are packed and unpacked whatever an item is full of', { timeout: 60_000 }, () => {
    const full = itemOf([['l', { L: Array.from({ length: 409_000 }, () => ({ S: '' })) }]]);
    check({ after: full, before: full });
  });

  it('are not unpacked where that would be more than two items can be', () => {
    const bomb = (bytes: number) => [
      itemOf([['images', { B: gzipSync(`{"after":{"M":{"x":{"S":"${'x'.repeat(bytes)}"}}}}`) }]]),
    ];
    expect(Object.keys(readImages(bomb(1_000)))).toEqual(['after']);
    expect(readImages(bomb(17 * 1024 * 1024))).toEqual({});
  });

  it('are packed however deep they are', () => {
    for (const levels of [28, 29, 30, 31]) {
      const deep = itemOf([
        ['id', { S: 'a' }],
        ['deep', nested(levels, { B: new Uint8Array([1]) })],
      ]);
      check({ after: deep, before: deep });
    }
  });

  it('are packed with every value there is', () => {
    const every = hostileItems.map((each, at): [string, Value] => [`item${at}`, { M: each }]);
    const rows = check({ after: itemOf([...every, ['big', { S: noise(400_000) }]]), before: itemOf(every) });
    expect(attribute(rows[0] ?? {}, 'images')).toBeDefined();
  });

  it('are packed with attributes that look like what is packed', () => {
    const look = item({
      id: 'a',
      base64: 'AQ==',
      B: { base64: 'AQ==' },
      m: { base64: 'x', S: 'y', type: 'Buffer', data: [1] },
      x: noise(400_000),
    });
    check({ after: look, before: look, added: ['base64'] });
  });

  it('are packed with binary that is a Buffer', () => {
    const images = {
      after: itemOf([
        ['id', { S: 'a' }],
        ['b', { B: Buffer.from([1, 2, 255]) }],
        ['x', { S: noise(400_000) }],
      ]),
    };
    const back = attribute(unpackImages(packImages(row, images)).after as Item, 'b');
    expect(back && 'B' in back && [...back.B]).toEqual([1, 2, 255]);
  });

  it('leave room for a row that is large itself', () => {
    const large = itemOf([...Object.entries(row), ['body', { S: 'b'.repeat(60_000) }]]);
    const both = { after: item({ id: 'a', x: noise(400_000, 'a') }), before: item({ x: noise(400_000, 'b') }) };
    const rows = packImages(large, both);
    for (const each of rows) expect(itemBytes(each)).toBeLessThanOrEqual(409_600);
    expect(attribute(rows[0] as Item, 'body')).toBeDefined();
  });
});

describe('a list of what was added', () => {
  it('is read as far as it has names', () => {
    expect(unpackImages([item({ after: {}, before: {}, added: ['x', 1] })]).added).toEqual(['x']);
  });
});

describe('rows without images', () => {
  it('have none', () => {
    expect(packImages(row, {})).toEqual([row]);
    expect(unpackImages([row])).toEqual({});
    expect(unpackImages([])).toEqual({});
  });
});
