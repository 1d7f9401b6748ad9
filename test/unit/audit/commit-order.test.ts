// Changes of one item come out in the order in which they were committed, whatever their clocks said.

import { describe, expect, test } from 'vitest';
import { type Change, type Cluster, CommitOrder } from '../../../lib/audit/commit-order.ts';
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
  return clusters(texts)
    .flatMap(({ changes }) => changes.map(({ name }) => name))
    .join(' ');
}

function clusters(texts: readonly string[]): readonly Cluster<Named>[] {
  const order = new CommitOrder<Named>((text) => text);
  const settled = texts.map(change).map((each) => {
    const cluster = order.settle(each.time);
    order.add(each);
    return cluster;
  });
  return [...settled, order.flush()].filter((cluster) => cluster !== undefined);
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

  test('a cluster says where it begins and what the change before it found', () => {
    const found = clusters(['d: C→D @ 9000', 'b: A→B @ 30', 'c: B→C @ 20', 'a: -→A @ 10']);
    expect(found.map((cluster) => [cluster.first.name, cluster.found])).toEqual([
      ['d', undefined],
      ['b', expect.stringContaining('"C"')],
    ]);
  });

  test('what is put in order at once holds no more than some megabytes of images', () => {
    const large = item({ is: 'x'.repeat(400_000) });
    const order = new CommitOrder<Change>((text) => text);
    const sizes = Array.from({ length: 100 }, () => {
      const time = '2026-01-01T00:00:00.000000Z';
      const settled = order.settle(time);
      order.add({ time, whole: { before: large, after: large } });
      return settled?.changes.length;
    });
    expect(sizes.filter((size) => size !== undefined)).toEqual([21, 21, 21, 21]);
  });

  test('a thousand changes within one second are each there once', () => {
    const texts = Array.from({ length: 1_000 }, (_, n) => `c${n}: ${n}→${n + 1} @ ${n % 7}`).reverse();
    expect(new Set(ordered(texts).split(' ')).size).toBe(1_000);
  });
});
