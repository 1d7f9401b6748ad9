// docs/reference/http.md, "Bodies".

import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../lib/base/errors.ts';
import { printItem } from '../../../lib/base/json.ts';
import { printPath } from '../../../lib/base/path.ts';
import { parseBody, pathsIn } from '../../../lib/query/body.ts';
import { item } from '../../support/values.ts';

function refusal(text: string | undefined): ApiError {
  try {
    parseBody(text);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('the body is taken');
}

describe('a body', () => {
  it.each([
    '{"id":"a","n":12345678901234567890123456789012345678,"x":{"y":[null,true]}}',
    '{"__proto__":{"polluted":true},"constructor":1}',
    '{"":""}'.replace('""', '"a"'),
    '{}',
  ])('is taken as it is: %s', (text) => {
    expect(printItem(parseBody(text))).toBe(text);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['blank', ' \n'],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['text', '"a"'],
    ['a number', '1'],
    ['null', 'null'],
    ['one with a key twice', '{"a":1,"a":1}'],
    ['one with a key twice, deep inside', '{"a":[{"b":1,"b":2}]}'],
    ['one with 39 digits', `{"a":${'1'.repeat(39)}}`],
    ['one nested 33 levels', `{"a":${'['.repeat(32)}${']'.repeat(32)}}`],
    ['one with half a surrogate pair', '{"a":"\\ud800"}'],
    ['one with a dot in a name', '{"a.b":1}'],
    ['one with a bracket in a name', '{"a[0]":1}'],
    ['one with a closing bracket in a name', '{"a]":1}'],
    ['one with a dot in a name below', '{"a":[{"b":{"c.d":1}}]}'],
    ['one with a name without letters', '{"":1}'],
    ['one with such a name below', '{"a":{"":1}}'],
  ])('is refused: %s', (_, text) => {
    expect(refusal(text).code).toBe('invalid_body');
  });

  it('is nested 32 levels at most, itself included', () => {
    expect(() => parseBody(`{"a":${'['.repeat(31)}${']'.repeat(31)}}`)).not.toThrow();
  });

  it('has at most 256 KB, in bytes', () => {
    const padded = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    expect(() => parseBody(padded(262_144))).not.toThrow();
    expect(refusal(padded(262_145)).code).toBe('too_large');
    expect(refusal(`{"a":"${'é'.repeat(131_072)}"}`).code).toBe('too_large');
  });

  it.each([
    ['empty', '', 'invalid_body', 'the body is empty; send a JSON object'],
    ['a list', '[]', 'invalid_body', 'the body must be a JSON object'],
    ['too large', ' '.repeat(262_143).concat('{}'), 'too_large', 'the body is larger than 256 KB'],
  ])('that is %s is told what it is to be', (_, text, code, detail) => {
    expect(refusal(text)).toMatchObject({ code, detail, faults: [] });
  });

  it('is told every fault of its names at once, each where it stands', () => {
    expect(refusal('{"a.b":1,"c":{"d[":2},"e":[0,{"":3}]}').faults).toEqual([
      { path: 'a.b', message: 'a name has no ".", "[" or "]"' },
      { path: 'c.d[', message: 'a name has no ".", "[" or "]"' },
      { path: 'e[1].', message: 'an attribute has a name' },
    ]);
  });

  it('has names of at most 64 KB, in bytes', () => {
    expect(() => parseBody(`{"${'x'.repeat(65_535)}":1}`)).not.toThrow();
    for (const name of ['x'.repeat(65_536), 'é'.repeat(32_768)])
      expect(refusal(`{"${name}":1}`).faults).toEqual([
        { path: name.slice(0, 100), message: 'a name is longer than 64 KB' },
      ]);
  });

  it('is told the first 100 characters of a name that is refused', () => {
    expect(refusal(`{"${'x'.repeat(100)}.":1}`).faults.map(({ path }) => path)).toEqual(['x'.repeat(100)]);
    expect(refusal(`{"${'x'.repeat(99)}.":1}`).faults.map(({ path }) => path)).toEqual([`${'x'.repeat(99)}.`]);
  });

  it('is told no more than 100 faults', () => {
    const elements = Array.from({ length: 101 }, () => '{"":1}');
    expect(refusal(`{"a":[${elements.join()}]}`).faults.map(({ path }) => path)).toEqual(
      Array.from({ length: 100 }, (_, at) => `a[${at}].`),
    );
  });

  it('has these paths, parents first', () => {
    const paths = pathsIn(item({ a: 1, b: { c: [{ d: null }, []] }, e: {} })).map(printPath);
    expect(paths).toEqual(['a', 'b', 'b.c', 'b.c[0]', 'b.c[0].d', 'b.c[1]', 'e']);
  });
});
