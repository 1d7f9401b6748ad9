// Bodies and JSON values: lossless, strict, and without surprises from names that every object has.

import { describe, expect, it } from 'vitest';
import { parseJson, printItem, printJson } from '../../../lib/base/json.ts';
import { attribute, type Value } from '../../../lib/base/value.ts';

function parsed(text: string): Value {
  const result = parseJson(text);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.value;
}

function faults(text: string) {
  const result = parseJson(text);
  return 'faults' in result ? result.faults : [];
}

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('JSON', () => {
  it.each([
    '0',
    '12345678901234567890123456789012345678',
    '0.12345678901234567890123456789012345678',
    '-1E-130',
    '9.9999999999999999999999999999999999999E+125',
    '"\\u0000 \\" \\\\ é 😀"',
    '[1,"a",true,false,null,[],{}]',
    '{"a":{"b":[{"c":1}]}}',
    '{"":1}',
  ])('comes out as it went in: %s', (text) => {
    expect(JSON.parse(printJson(parsed(text)))).toEqual(JSON.parse(text));
    expect(printJson(parsed(printJson(parsed(text))))).toBe(printJson(parsed(text)));
  });

  it('keeps all 38 digits', () => {
    expect(printJson(parsed('[12345678901234567890123456789012345678,0.1]'))).toBe(
      '[12345678901234567890123456789012345678,0.1]',
    );
  });

  it.each([
    ['other values', '{"a":1,"a":2}'],
    ['the same value', '{"a":1,"a":1}'],
    ['equal objects', '{"a":{"b":1},"a":{"b":1}}'],
    ['an escape', '{"a":1,"\\u0061":1}'],
    ['deep inside', '[{"x":[{"a":1,"a":1}]}]'],
    ['__proto__', '{"__proto__":1,"__proto__":1}'],
    ['constructor', '{"constructor":1,"constructor":2}'],
  ])('with a key twice is refused: %s', (_, text) => {
    expect(faults(text)).toHaveLength(1);
  });

  it('with a key twice is told its first 60 characters at most', () => {
    const twice = (key: string) => faults(`{"${key}":1,"${key}":2}`).map(({ message }) => message);
    expect(twice('k'.repeat(60))).toEqual([
      `is not valid JSON: the key "${'k'.repeat(60)}" stands twice in one object`,
    ]);
    expect(twice('k'.repeat(120_000))).toEqual([
      `is not valid JSON: the key "${'k'.repeat(60)}…" stands twice in one object`,
    ]);
  });

  it('may have one key in two objects', () => {
    expect(faults('[{"a":1},{"a":1,"b":{"a":1}}]')).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('takes %s for an ordinary name', (name) => {
    for (const text of [`{"${name}":{"polluted":true}}`, `{"a":{"${name}":"x"}}`, `{"${name}":null}`]) {
      expect(printJson(parsed(text))).toBe(text);
    }
    const value = parsed('{"a":1}');
    expect('M' in value && attribute(value.M, name)).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('is nested 32 levels at most', () => {
    expect(faults(nested(32))).toEqual([]);
    expect(faults(nested(33))).toHaveLength(1);
    expect(faults(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`)).toHaveLength(1);
    expect(faults(nested(100_000))).toHaveLength(1);
    expect(faults('['.repeat(100_000))).toHaveLength(1);
  });

  it('does not count brackets in texts', () => {
    expect(faults(`["${'['.repeat(50)}","\\"${'{'.repeat(50)}"]`)).toEqual([]);
  });

  it.each([
    ['a value', '["\\ud800"]', '[0]'],
    ['the second half', '{"a":"x\\udc00"}', 'a'],
    ['the halves in the wrong order', '{"a":["\\ude00\\ud83d"]}', 'a[0]'],
    ['a name', '{"\\ud800":1}', undefined],
  ])('with half a surrogate pair is refused: %s', (_, text, path) => {
    const [fault, ...more] = faults(text);
    expect(more).toEqual([]);
    if (path === undefined) expect(fault).toBeDefined();
    else expect(fault?.path).toBe(path);
  });

  it('takes whole surrogate pairs', () => {
    expect(parsed('"\\ud83d\\ude00"')).toEqual({ S: '😀' });
  });

  it.each([
    ['39 digits', '{"a":{"b":[123456789012345678901234567890123456789]}}', 'a.b[0]'],
    ['too large', '{"a":1e126}', 'a'],
    ['too small', '[1e-131]', '[0]'],
  ])('with a number that DynamoDB cannot hold is refused: %s', (_, text, path) => {
    expect(faults(text).map((fault) => fault.path)).toEqual([path]);
  });

  it.each([
    '',
    ' ',
    '01',
    '1.',
    '.5',
    '+1',
    '-',
    '1e',
    'NaN',
    'Infinity',
    'nul',
    'TRUE',
    "'a'",
    '"a',
    '"\t"',
    '"\\x41"',
    '"\\u12"',
    '[1,]',
    '[,1]',
    '[1 2]',
    '{"a":1,}',
    '{a:1}',
    '{"a" 1}',
    '{1:1}',
    '[1]]',
    '{}{}',
    '[',
    '{"a":',
    '// no\n1',
    '\ufeff1',
    '\u00a01',
  ])('is read strictly, not %j', (text) => {
    expect(faults(text)).toHaveLength(1);
  });
});

describe('the JSON text of a value', () => {
  it.each([
    [{ SS: ['a', 'b'] }, '["a","b"]'],
    [{ NS: ['1', '2.50'] }, '[1,2.5]'],
    [{ B: new Uint8Array([1, 2, 3]) }, '"AQID"'],
    [{ BS: [new Uint8Array([1]), new Uint8Array([255])] }, '["AQ==","/w=="]'],
    [{ NULL: true }, 'null'],
    [{ N: '1E+40' }, '1E+40'],
  ] as [Value, string][])('of %o is %s', (value, text) => {
    expect(printJson(value)).toBe(text);
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it('of an item without attributes is an empty object', () => {
    expect(printItem({})).toBe('{}');
  });
});
