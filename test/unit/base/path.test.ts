// Attribute paths: names joined by dots, list indexes in brackets, nothing else.

import { describe, expect, it } from 'vitest';
import { parsePath, pathNames, printPath } from '../../../lib/base/path.ts';

describe('a path', () => {
  it.each([
    ['a', ['a']],
    ['a.b', ['a', 'b']],
    ['a[0]', ['a', 0]],
    ['a.b[0].c', ['a', 'b', 0, 'c']],
    ['a[0][1].b', ['a', 0, 1, 'b']],
    ['a__b', ['a__b']],
    ['0', ['0']],
    ['with space', ['with space']],
    ['__proto__.constructor', ['__proto__', 'constructor']],
    ['ключ.😀', ['ключ', '😀']],
  ] as [string, (string | number)[]][])('%s has these steps', (text, steps) => {
    expect(parsePath(text)).toEqual(steps);
    expect(printPath(steps)).toBe(text);
  });

  it.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    'a[b]',
    'a[]',
    'a[-1]',
    'a[0',
    'a]',
    'a[0]b',
    'a.[0]',
    '[0]',
    'a[0].',
    'a[1.5]',
    'a\u0000',
    'a\nb',
    'a\u007f',
  ])('is not %j', (text) => {
    expect(parsePath(text)).toBeUndefined();
  });

  it('has at most 32 steps', () => {
    expect(parsePath(Array(32).fill('a').join('.'))).toHaveLength(32);
    expect(parsePath(Array(33).fill('a').join('.'))).toBeUndefined();
    expect(parsePath(`a${'[0]'.repeat(32)}`)).toBeUndefined();
  });

  it('has names without its indexes', () => {
    expect(pathNames(['a', 0, 'b', 1])).toEqual(['a', 'b']);
  });
});
