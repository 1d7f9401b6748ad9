// Changes of one item come out in the order in which they were committed, whatever their clocks said.

import { describe, expect, test } from 'vitest';
import { type Change, type Cluster, CommitOrder } from '../../../lib/audit/commit-order.ts';
import type { Item } from '../../../lib/base/value.ts';
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

function clusters(texts: readonly string[], digest = (text: string) => text): readonly Cluster<Named>[] {
  const order = new CommitOrder<Named>(digest);
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
    ['to and fro, the wrong way round', ['b: A→B @ 30', 'c: B→A @ 20', 'a: -→A @ 10'], 'c b a'],
    ['a change that changes nothing', ['c: A→A @ 30', 'b: A→A @ 20', 'a: -→A @ 10'], 'c b a'],
    ['another writer in between', ['c: A→C @ 30', 'b: A→B @ 20', 'a: -→A @ 10'], 'c b a'],
    ['a second apart, the wrong way round', ['a: -→A @ 1010', 'b: A→B @ 10'], 'b a'],
    ['too far apart to be put right', ['a: -→A @ 1011', 'b: A→B @ 10'], 'a b'],
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

  test('what the change before a cluster found is 32 characters of its digest, or says that it found nothing', () => {
    const digest = () => '0123456789abcdef'.repeat(4);
    const found = clusters(['b: A→B @ 9000', 'a: -→A @ 10'], digest).map((cluster) => cluster.found);
    expect(found).toEqual([undefined, '0123456789abcdef0123456789abcdef']);
    expect(clusters(['b: -→B @ 9000', 'a: A→- @ 10']).map((cluster) => cluster.found)).toEqual([undefined, 'absent']);
  });

  test.each([
    ['400 KB before and after', 100, { before: large(400_000), after: large(400_000) }, [21, 21, 21, 21]],
    ['256 KB before', 130, { before: large(262_144), after: undefined }, [64, 64]],
  ])('what is put in order at once ends where it has 16 MB of images: of %s each', (_, count, whole, expected) => {
    const order = new CommitOrder<Change>((text) => text);
    const sizes = Array.from({ length: count }, () => {
      const time = '2026-01-01T00:00:00.000000Z';
      const settled = order.settle(time);
      order.add({ time, whole });
      return settled?.changes.length;
    });
    expect(sizes.filter((size) => size !== undefined)).toEqual(expected);
  });

  test('a thousand changes within one second are each there once', () => {
    const texts = Array.from({ length: 1_000 }, (_, n) => `c${n}: ${n}→${n + 1} @ ${n % 7}`).reverse();
    expect(new Set(ordered(texts).split(' ')).size).toBe(1_000);
    expect(clusters(texts).map(({ changes }) => changes.length)).toEqual([500, 500]);
  });
});

/** An item of so many bytes. */
function large(bytes: number): Item {
  return item({ is: 'x'.repeat(bytes - 'is'.length) });
}
