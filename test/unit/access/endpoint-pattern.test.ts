// "Matching is on the whole path …, case-sensitive, in linear time …. HEAD needs GET's permission."

import { describe, expect, it } from 'vitest';
import { parseEndpointPattern } from '../../../lib/access/endpoint-pattern.ts';
import { value } from '../../support/values.ts';

const parse = (method: unknown, endpoint: unknown) => parseEndpointPattern(value({ method, endpoint }), 'at');

const messages = (method: unknown, endpoint: unknown): string[] => {
  const parsed = parse(method, endpoint);
  return 'faults' in parsed ? parsed.faults.map(({ path, message }) => `${path} ${message}`) : [];
};

function matches(endpoint: string, path: string, method = 'GET', listed = '*'): boolean {
  const parsed = parse(listed, endpoint);
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value.matches(method, path);
}

describe('a permitted endpoint', () => {
  it.each([
    ['/item', '/item'],
    ['/item/a%2Fb', '/item/a%2Fb'],
    ['/item/.*', '/item/1'],
    ['/item/[0-9]+', '/item/12'],
    ['/item|/items', '/items'],
    ['/item|/item/1', '/item/1'],
    ['/(?:item|items)', '/items'],
    ['^/item$', '/item'],
    ['/a\\.b', '/a.b'],
    ['/item/a?', '/item/'],
    ['.*', '/anything/at%2Fall'],
    ['/item/[^/]+', '/item/éß'],
    ['/item/[a-zß-ÿ]+', '/item/éß'],
  ])('%s permits %s', (endpoint, path) => {
    expect(matches(endpoint, path)).toBe(true);
  });

  it.each([
    ['/item', '/items'],
    ['/item', '/item/1'],
    ['/item', '/my/item'],
    ['/item', '/item/'],
    ['/item', '/Item'],
    ['/ITEM', '/item'],
    ['/item|/x', '/item/1'],
    ['/item|/x', '/y/x'],
    ['/item/[0-9]+', '/item/12a'],
    ['/item/[0-9]+', '/item/١'],
    ['/item/.', '/item/ab'],
    ['/item/[^/]+', '/item/a/b'],
    ['/item/a/b', '/item/a%2Fb'],
    ['/item/{id}', '/item/1'],
    ['/a.b', '/a/'],
    ['/item$', '/item\n'],
    ['/item/.*', '/item/a\nb'],
  ])('%s does not permit %s', (endpoint, path) => {
    expect(matches(endpoint, path)).toBe(false);
  });

  it.each([
    ['GET', 'GET', true],
    ['GET', 'HEAD', true],
    ['HEAD', 'HEAD', false],
    ['HEAD', 'GET', false],
    ['GET', 'POST', false],
    ['GET|PUT', 'PUT', true],
    ['GET|PUT', 'HEAD', true],
    ['GET|PUT', 'PATCH', false],
    ['POST|DELETE', 'HEAD', false],
    ['*', 'DELETE', true],
    ['*', 'HEAD', true],
  ])('for %s permits %s: %s', (listed, method, permitted) => {
    expect(matches('/item', '/item', method, listed)).toBe(permitted);
  });

  it.each([
    ['a method in lower case', 'get', '/x'],
    ['an unknown method', 'FETCH', '/x'],
    ['an empty method between two', 'GET||PUT', '/x'],
    ['a bar at the end', 'GET|', '/x'],
    ['a star among methods', 'GET|*', '/x'],
    ['a space', 'GET | PUT', '/x'],
    ['an empty method', '', '/x'],
    ['a method that is a list', ['GET'], '/x'],
  ])('is refused with %s', (_, method, endpoint) => {
    const parsed = parse(method, endpoint);
    expect('faults' in parsed && parsed.faults.map(({ path }) => path)).toEqual(['at.method']);
  });

  // Brackets that close the pattern's own would turn a whole match into a match of a part.
  it.each([
    'a)|(?:b',
    ')|(.*',
    '(',
    '[a',
    '*',
    '+/x',
    '(?!/secret).*',
    '(?i)/item',
    '(?s:/item.)',
    '(?<=a)b',
    '(a)\\1',
    '/item/\\p{L}+',
    '/item/[[:digit:]]+',
    '/\\Qitem\\E',
    '/(?P<name>item)',
    '\\',
    'a{1001}',
    '((a{100}){100}){100}',
    '',
    'x'.repeat(1_001),
  ])('is refused with the pattern %s', (endpoint) => {
    const parsed = parse('GET', endpoint);
    expect('faults' in parsed && parsed.faults.map(({ path }) => path)).toEqual(['at.endpoint']);
  });

  it('has a pattern of a thousand characters at most', () => {
    const literal = 'x'.repeat(1_000);
    expect(matches(literal, literal)).toBe(true);
    expect(messages('GET', 'x'.repeat(1_001))).toEqual(['at.endpoint is longer than 1000 characters']);
  });

  it.each<[unknown, unknown, string]>([
    [undefined, '/x', 'at.method is required: a method, several joined by "|", or "*"'],
    [5, '/x', 'at.method must be text that is not empty'],
    ['', '/x', 'at.method must be text that is not empty'],
    [
      'GET|get',
      '/x',
      'at.method "get" is no method; allowed are GET, HEAD, POST, PUT, PATCH, DELETE, joined by "|", or "*"',
    ],
    ['GET', undefined, 'at.endpoint is required: a path or a regular expression'],
    ['GET', '', 'at.endpoint must be text that is not empty'],
    ['GET', '(?i)/x', 'at.endpoint has inline flags; matching is case-sensitive'],
    ['GET', '(?im)/x', 'at.endpoint has inline flags; matching is case-sensitive'],
    ['GET', '/(?s:x.)', 'at.endpoint has inline flags; matching is case-sensitive'],
    ['GET', '/(?-s:x.)', 'at.endpoint has inline flags; matching is case-sensitive'],
    ['GET', '/x)', 'at.endpoint is no regular expression of RE2: error parsing regexp: unexpected ): `/x)`'],
    [
      'GET',
      '/\\p{L}+',
      'at.endpoint is no regular expression of RE2: error parsing regexp: invalid escape sequence: `\\p`; escapes are \\d \\D \\s \\S \\w \\W and marks',
    ],
  ])('of %j and %j is refused with what to do', (method, endpoint, message) => {
    expect(messages(method, endpoint)).toEqual([message]);
  });

  it('says all its faults at once', () => {
    expect(messages(undefined, '(?i)/x')).toEqual([
      'at.method is required: a method, several joined by "|", or "*"',
      'at.endpoint has inline flags; matching is case-sensitive',
    ]);
    expect(parseEndpointPattern(value('/x'), 'at')).toEqual({
      faults: [{ path: 'at', message: 'must be an object { "method", "endpoint" }', code: 'not_endpoint' }],
    });
  });

  it.each([
    ['(a*)*b', 'a'],
    ['(a+)+$', 'a'],
    ['(a|a)*b', 'a'],
    ['(.*)*x', 'y'],
    ['(?:a?){30}a{30}', 'b'],
  ])('gives an answer to %s on a long path', (endpoint, letter) => {
    expect(matches(`/${endpoint}`, `/${letter.repeat(20_000)}!`)).toBe(false);
  });

  it('that is a long literal matches itself and nothing else', () => {
    const literal = `/${'x'.repeat(900)}`;
    expect([matches(literal, literal), matches(literal, `${literal}x`)]).toEqual([true, false]);
  });

  it('means the same however many other patterns were compiled since', () => {
    const parsed = parse('GET', '/first/[a-z]');
    for (let i = 0; i < 1_100; i += 1) parse('GET', `/many/${i}/.`);
    expect(
      'value' in parsed && [parsed.value.matches('GET', '/first/a'), parsed.value.matches('GET', '/first/1')],
    ).toEqual([true, false]);
    expect(matches('/many/5/.', '/many/5/x')).toBe(true);
    expect(matches('/many/5/.', '/many/6/x')).toBe(false);
  });
});
