// Changes of one item come out in the order in which they were committed, whatever their clocks said.

import { describe, expect, test } from 'vitest';
import { type Change, CommitOrder } from '../../../lib/audit/commit-order.ts';
import { item } from '../../support/values.ts';

type Named = Change & { readonly name: string };

/** `b: a→c @ 120` is a change called b that found image a, left image c, at 120 ms; `-` is no item. */
function change(text: string): Named {
  const [, name = '', found = '', left = '', at = ''] = /^(\w+): (\S+)→(\S+) @ (\d+)$/.exec(text) ?? [];
  const image = (word: string) => (word === '-' ? undefined : item({ is: word }));
  const time = new Date(Date.UTC(2026, 0, 1) + Number(at)).toISOString().replace('Z', '000Z');
  return { name, time, whole: { before: image(found), after: image(left) } };
}

function ordered(texts: readonly string[]): string {
  const order = new CommitOrder<Named>();
  const settled = texts.flatMap((text) => order.add(change(text)));
  return [...settled, ...order.flush()].map(({ name }) => name).join(' ');
}

describe('newest first', () => {
  test.each<[string, string[], string]>([
    ['nothing', [], ''],
    ['in order already', ['c: B→C @ 30', 'b: A→B @ 20', 'a: -→A @ 10'], 'c b a'],
    ['two the wrong way round', ['b: A→B @ 30', 'c: B→C @ 20', 'a: -→A @ 10'], 'c b a'],
    ['all the wrong way round', ['a: -→A @ 40', 'b: A→B @ 30', 'c: B→- @ 20', 'd: -→D @ 10'], 'd c b a'],
    ['back to an earlier image', ['d: A→D @ 40', 'c: B→A @ 30', 'b: A→B @ 20', 'a: -→A @ 10'], 'd c b a'],
    ['to and fro', ['c: B→A @ 30', 'b: A→B @ 20', 'a: -→A @ 10'], 'c b a'],
    ['a change that changes nothing', ['c: A→A @ 30', 'b: A→A @ 20', 'a: -→A @ 10'], 'c b a'],
    ['another writer in between', ['c: A→C @ 30', 'b: A→B @ 20', 'a: -→A @ 10'], 'c b a'],
    ['too far apart to be put right', ['a: -→A @ 9000', 'b: A→B @ 10'], 'a b'],
    ['wrong across a pause that is settled', ['d: C→D @ 9000', 'b: A→B @ 30', 'c: B→C @ 20', 'a: -→A @ 10'], 'd c b a'],
  ])('%s', (_, given, expected) => {
    expect(ordered(given)).toBe(expected);
  });

  test('a thousand changes within one second are each there once', () => {
    const texts = Array.from({ length: 1_000 }, (_, n) => `c${n}: ${n}→${n + 1} @ ${n % 7}`).reverse();
    expect(new Set(ordered(texts).split(' ')).size).toBe(1_000);
  });
});
