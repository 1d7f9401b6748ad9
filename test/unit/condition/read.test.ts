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
import { pathsOf } from '../../../lib/condition/paths.ts';
import { printCondition } from '../../../lib/condition/print.ts';

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

  it('names none in a constant', () => {
    expect(pathsOf(TRUE)).toEqual([]);
  });
});
