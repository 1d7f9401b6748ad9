// What is counted of a text is what leaves a function of it, whatever stands in it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leavingBytes } from '../../lib/base/answer-bytes.ts';
import { cases } from '../support/proof.ts';

const AROUND = '{"body":""}'.length;

describe('the bytes of a text as it leaves', () => {
  it('are those of the whole answer but what stands around its body', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', '\\', '\0', '\u001f', '\u2028', '\ud83d', '\ude00', 'é', 'x', '\u007f') }),
    );
    fc.assert(
      fc.property(hostile, (body) => {
        expect(leavingBytes(body)).toBe(Buffer.byteLength(JSON.stringify({ body })) - AROUND);
      }),
      cases(2_000),
    );
  });

  it('of rows are those of the rows one by one and of what parts them', () => {
    const rows = fc.array(fc.json(), { minLength: 1 });
    fc.assert(
      fc.property(rows, (texts) => {
        const sum = texts.reduce((bytes, text) => bytes + leavingBytes(text) + 1, 1);
        expect(leavingBytes(`[${texts.join(',')}]`)).toBe(sum);
      }),
      cases(2_000),
    );
  });
});
