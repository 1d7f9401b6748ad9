// docs/reference/limits.md: a page ends at 4 MB of JSON, and before the 6 MB that Lambda takes, in which quotes count twice.

import { describe, expect, it } from 'vitest';
import { leavingBytes, MAX_LEAVING_BYTES } from '../../../../lib/base/answer-bytes.ts';
import { Page } from '../../../../lib/operations/read/page.ts';
import { item } from '../../../support/values.ts';

const KB = 1_024;
const MB = KB * KB;
const row = (character: string, bytes: number) => item({ id: 'a', text: character.repeat(bytes) });

function filled(of: ReturnType<typeof row>, limit = 1_000): Page {
  const page = new Page(limit);
  while (page.add(of)) if (page.rows.length > 100) throw new Error('the page does not end');
  return page;
}
const bodyOf = ({ rows }: Page) => `[${rows.join(',')}]`;

describe('a page', () => {
  it.each(['x', 'é', '"', '\\', '\u0001', '\u2028', '😀'])(
    'of rows full of %j fits, and one row more would not',
    (text) => {
      const one = row(text, 50 * KB);
      const page = filled(one);
      const body = bodyOf(page);
      const [more = ''] = page.rows;
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4 * MB);
      expect(leavingBytes(body)).toBeLessThanOrEqual(MAX_LEAVING_BYTES);
      const longer = `${body},${more}`;
      expect(Buffer.byteLength(longer) > 4 * MB || leavingBytes(longer) > MAX_LEAVING_BYTES).toBe(true);
    },
  );

  it('holds one row that has more than 4 MB of JSON, and no second one', () => {
    const page = new Page(10);
    expect(page.add(row('x', 5 * MB))).toBe(true);
    expect(page.add(row('x', 1))).toBe(false);
  });

  it('ends at its limit', () => {
    expect(filled(row('x', 1), 3).rows).toHaveLength(3);
  });

  it('has what is shown in the place of a row that no answer can hold', () => {
    const page = new Page(10, () => item({ id: 'short' }));
    expect(page.add(row('x', 1))).toBe(true);
    expect(page.add(row('"', 3 * MB))).toBe(true);
    expect(page.rows.map((text) => JSON.parse(text).id)).toEqual(['a', 'short']);
  });

  it('ends before a row that nothing makes small enough, and a page that begins with it says so', () => {
    const page = new Page(10);
    expect([page.add(row('x', 1)), page.add(row('"', 3 * MB))]).toEqual([true, false]);
    expect(() => new Page(10).add(row('"', 3 * MB))).toThrow(/too_costly: one row alone/);
  });
});
