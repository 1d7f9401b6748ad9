// The small readers of conditions: as text, and which paths they name.

import { describe, expect, it } from 'vitest';
import {
  all,
  any,
  type Condition,
  compare,
  contains,
  exists,
  FALSE,
  hasType,
  not,
  oneOf,
  startsWith,
  TRUE,
} from '../../../lib/condition/condition.ts';
import { conjuncts } from '../../../lib/condition/conjuncts.ts';
import { liveRows } from '../../../lib/condition/live-rows.ts';
import { nearest } from '../../../lib/condition/nearest.ts';
import { namesOnly, pathsOf } from '../../../lib/condition/paths.ts';
import { printCondition } from '../../../lib/condition/print.ts';
import { afterPrefix } from '../../../lib/condition/text-range.ts';
import { table } from '../../../lib/definition/table.ts';

const active = compare(['status'], '=', { S: 'active' });
const many = compare(['n'], '>', { N: '3' });

describe('printCondition', () => {
  it.each<[Condition, string]>([
    [TRUE, 'true'],
    [FALSE, 'false'],
    [all([active, not(many)]), 'status = "active" and not (n > 3)'],
    [all([any([active, many]), exists(['a', 'b', 0])]), '(status = "active" or n > 3) and a.b[0] exists'],
    [any([all([active, many]), hasType(['a'], 'SS')]), '(status = "active" and n > 3) or a has type SS'],
    [not(any([active, many])), 'not (status = "active" or n > 3)'],
    [oneOf(['a'], [{ N: '1.0' }, { NULL: true }]), 'a in (1, null)'],
    [all([startsWith(['a'], '"'), contains(['b'], { BOOL: true })]), 'a starts with "\\"" and b contains true'],
  ])('%#', (condition, text) => {
    expect(printCondition(condition)).toBe(text);
  });
});

describe('pathsOf', () => {
  it('names each path once', () => {
    const parts = [
      active,
      not(active),
      many,
      exists(['a', 'b']),
      exists(['a.b']),
      hasType(['l', 0], 'S'),
      exists(['l', '0']),
    ];
    expect(pathsOf(any([all(parts), oneOf(['n'], [{ S: 'x' }, { S: 'y' }])]))).toEqual([
      ['status'],
      ['n'],
      ['a', 'b'],
      ['a.b'],
      ['l', 0],
      ['l', '0'],
    ]);
  });

  it('names the path of two alike once', () => {
    expect(pathsOf(all([exists(['a']), hasType(['a'], 'S')]))).toEqual([['a']]);
  });

  it('names none in a constant', () => {
    expect(pathsOf(TRUE)).toEqual([]);
  });
});

describe('a condition names only what passes', () => {
  const passes = (condition: Condition) => namesOnly(condition, (name) => name !== 'secret');
  const leaves = (name: string): Condition[] => [
    compare([name], '=', { S: 'x' }),
    oneOf([name], [{ S: 'x' }, { S: 'y' }]),
    startsWith([name, 'below'], 'x'),
    contains([name], { S: 'x' }),
    exists([name, 0]),
    hasType([name], 'S'),
  ];

  it.each(leaves('secret').map((leaf) => [printCondition(leaf), leaf] as const))('not where it is %s', (_, leaf) => {
    expect([leaf, not(leaf), all([active, leaf]), any([active, not(all([many, leaf]))])].map(passes)).toEqual(
      Array(4).fill(false),
    );
  });

  it('where it names nothing else, or nothing at all', () => {
    expect([...leaves('other'), all(leaves('other')), any(leaves('other')), TRUE, FALSE].every(passes)).toBe(true);
  });
});

describe('the constructors', () => {
  it.each<[string, Condition, Condition]>([
    ['nothing of all', all([]), TRUE],
    ['nothing of any', any([]), FALSE],
    ['one of all', all([active]), active],
    ['one of any', any([active]), active],
    ['what changes nothing of all', all([TRUE, active, TRUE]), active],
    ['what changes nothing of any', any([FALSE, active, FALSE]), active],
    ['what decides all', all([active, FALSE, many]), FALSE],
    ['what decides any', any([active, TRUE, many]), TRUE],
    ['all in all', all([active, all([many, exists(['a'])])]), all([active, many, exists(['a'])])],
    ['any in any', any([active, any([many, exists(['a'])])]), any([active, many, exists(['a'])])],
    ['a double negation', not(not(active)), active],
    ['the contrary of true', not(TRUE), FALSE],
    ['the contrary of false', not(FALSE), TRUE],
    ['one of no values', oneOf(['a'], []), FALSE],
    ['one of one value', oneOf(['a'], [{ S: 'x' }]), compare(['a'], '=', { S: 'x' })],
  ])('fold %s', (_, made, expected) => {
    expect(made).toEqual(expected);
  });

  it('keep any and all apart', () => {
    expect(all([active, any([many, exists(['a'])])])).toMatchObject({ kind: 'all', of: [active, { kind: 'any' }] });
    expect(conjuncts(all([active, many]))).toEqual([active, many]);
    expect(conjuncts(any([active, many]))).toEqual([any([active, many])]);
  });

  it('make what cannot be changed', () => {
    for (const made of [all([active, many]), oneOf(['a'], [{ S: 'x' }, { S: 'y' }])]) {
      expect(Object.isFrozen(made)).toBe(true);
      expect(Object.isFrozen('of' in made ? made.of : 'values' in made && made.values)).toBe(true);
    }
  });
});

describe('the first text behind a prefix', () => {
  it.each([
    ['a', 'b'],
    ['az', 'a{'],
    ['a\u{10ffff}', 'b'],
    ['\u{10ffff}', undefined],
    ['', undefined],
    ['\ud7ff', '\ue000'],
    ['\ud7fe', '\ud7ff'],
    ['\u{1f600}', '\u{1f601}'],
    ['\u{10fffe}', '\u{10ffff}'],
  ])('%j is %j', (prefix, expected) => {
    expect(afterPrefix(prefix)).toBe(expected);
  });
});

describe('the nearest word', () => {
  it.each([
    ['name', ['game', 'names', 'same'], 'game'],
    ['NAME', ['x', 'name'], 'name'],
    ['abc', ['acb', 'ab'], 'ab'],
    ['', ['abc', 'a'], 'a'],
    ['x', [], undefined],
    ['kitten', ['smitten!!', 'sitting'], 'sitting'],
    ['ab', ['ba', 'xyz'], 'ba'],
    ['ab', ['aa', 'ab'], 'ab'],
    [`${'x'.repeat(100)}yyyy`, ['y', 'x'.repeat(100)], 'x'.repeat(100)],
  ])('to %s among %j is %j', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });
});

describe('live rows', () => {
  it('are those that have not expired by the second', () => {
    const expiring = table('things', { partitionKey: { id: 'string' }, ttl: 'until' });
    expect(printCondition(liveRows(expiring, 5_999))).toBe('not (until <= 5)');
    expect(liveRows(table('things', { partitionKey: { id: 'string' } }), 5_999)).toBe(TRUE);
  });
});
