// From the audit row of any mutation both whole images can be had.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackImages } from '../../lib/audit/images.ts';
import { auditRows } from '../../lib/audit/row.ts';
import { type Item, itemOf, withAttributes } from '../../lib/base/value.ts';
import { equalValues } from '../../lib/condition/evaluate.ts';
import { hostileNames, hostileValues } from '../corpus/hostile-items.ts';
import { cases } from '../support/proof.ts';

const items: fc.Arbitrary<Item> = fc
  .array(
    fc.tuple(fc.constantFrom('a', 'b', 'c', 'base64', ...hostileNames.slice(0, 10)), fc.constantFrom(...hostileValues)),
    {
      maxLength: 6,
    },
  )
  .map(itemOf);

const event = {
  time: '2026-01-01T00:00:00.000000Z',
  id: '0190c1d2-0000-7000-8000-00000000000a',
  requestId: 'r',
  action: 'UPDATE',
  outcome: 'ok' as const,
  user: { id: 'key-1', type: 'API_KEY' },
  method: 'PUT',
  route: '/item',
  pathParameters: new Map<string, string>(),
  query: [],
  sensitive: [],
};

describe('an audit row', () => {
  it('gives back the item before and after', () => {
    const law = fc.property(items, items, fc.integer({ min: 0, max: 9 }), (before, extra, large) => {
      const padding = large === 0 ? itemOf([['padding', { S: 'y'.repeat(390_000) }]]) : itemOf([]);
      const after = withAttributes(extra, padding, ['c']);
      const images = unpackImages(auditRows({ ...event, before, after }, () => 'digest'));
      const rebuilt = withAttributes(images.after ?? itemOf([]), images.before ?? itemOf([]), images.added);
      expect(equalValues({ M: images.after ?? itemOf([]) }, { M: after })).toBe(true);
      expect(equalValues({ M: rebuilt }, { M: before })).toBe(true);
    });
    fc.assert(law, cases(200));
  });
});
