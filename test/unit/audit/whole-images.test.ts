// Both whole images come back from what a row holds of them, and a row that is not whole has none.

import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { packImages } from '../../../lib/audit/images.ts';
import { readImages, wholeImages } from '../../../lib/audit/whole-images.ts';
import { item } from '../../support/values.ts';

describe('whole images', () => {
  test.each<[string, object, object | undefined, object | undefined]>([
    ['of a create', { after: item({ id: 'a' }) }, undefined, { id: 'a' }],
    ['of a delete', { before: item({ id: 'a' }) }, { id: 'a' }, undefined],
    [
      'of an update',
      { after: item({ id: 'a', n: 2, more: 1 }), before: item({ n: 1, gone: 0 }), added: ['more'] },
      { id: 'a', n: 1, gone: 0 },
      { id: 'a', n: 2, more: 1 },
    ],
    ['of an update that changes nothing', { after: item({ id: 'a' }), before: item({}) }, { id: 'a' }, { id: 'a' }],
    ['of a call that changes nothing', {}, undefined, undefined],
  ])('%s', (_, images, before, after) => {
    const whole = wholeImages(images);
    expect({ before: { ...whole.before }, after: { ...whole.after } }).toEqual({
      before: before ? item(before as never) : {},
      after: after ? item(after as never) : {},
    });
  });

  test('there are none where a further row is missing or a part is broken', () => {
    const random = Array.from({ length: 9 }, (_, n) => [`t${n}`, randomBytes(60_000).toString('base64')] as const);
    const rows = packImages(item({ time: 't', id: 'i' }), { after: item(Object.fromEntries(random)) });
    expect(rows.length).toBeGreaterThan(1);
    expect(readImages(rows).after).toEqual(item(Object.fromEntries(random)));
    expect(readImages(rows.slice(0, -1))).toEqual({});
    expect(readImages([item({ id: 'x', parts: 1, images: new Uint8Array([1, 2, 3]) })])).toEqual({});
    expect(readImages([])).toEqual({});
  });
});
