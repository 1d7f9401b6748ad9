// The `cors` option of a definition.

import { expect, it } from 'vitest';
import { api } from '../../../lib/definition/api.ts';
import { list } from '../../../lib/definition/endpoint.ts';
import { table } from '../../../lib/definition/table.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const define = (origins: readonly string[]) => () =>
  api({ tables: [items], endpoints: [list('/items', items)], cors: { origins } });

it.each([
  [['*']],
  [['https://example.com']],
  [['http://localhost:3000', 'https://app.example.com:8443', 'capacitor://localhost', 'http://127.0.0.1:5173']],
])('takes %j', (origins) => {
  expect(define(origins)().cors).toEqual({ origins });
});

it.each([
  ['nothing', []],
  ['a star beside others', ['*', 'https://example.com']],
  ['a path', ['https://example.com/']],
  ['no scheme', ['example.com']],
  ['capitals', ['https://Example.com']],
  ["the scheme's own port", ['https://example.com:443']],
  ['a pattern', ['https://*.example.com']],
  ['a quote', ["https://a'b.example"]],
  ['a space', ['https://example.com ']],
  ['null', ['null']],
  ['no text', ['']],
  ['one among others', ['https://example.com', 'example.com']],
])('refuses %s with the line of the definition', (_, origins) => {
  expect(define(origins)).toThrow(/definition\/cors\.test\.ts:\d+: cors\.origins/);
});
