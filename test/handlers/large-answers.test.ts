// limits.md: a Lambda answers at most 6 MB. A page ends before that, and never silently.

import { beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { list } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, useApi } from '../support/api.ts';

const notes = table('notes', { partitionKey: { id: 'string' } });
const { send, auth, items } = useApi(api({ tables: [notes], endpoints: [list('/notes', notes)], audit: false }));
const as = 'admin';

/** In JSON each of these characters takes six bytes, in DynamoDB one. */
const CONTROL = '\u0001'.repeat(200_000);

beforeAll(async () => {
  await auth(keyRecord(as));
  for (let n = 0; n < 8; n += 1) await items('notes', { id: `n${n}`, text: CONTROL });
});

describe('rows whose JSON is six times their size', () => {
  it('are refused where they do not fit into an answer', async () => {
    const answer = await send('GET', '/notes', { as });
    expect([answer.status, answer.json.code]).toEqual([503, 'too_costly']);
  });

  it('are not cut below the limit that was asked for', async () => {
    const answer = await send('GET', '/notes', { as, query: [['_limit', '7']] });
    expect([answer.status, answer.json.code]).toEqual([503, 'too_costly']);
  });

  it('are answered as far as they fit', async () => {
    const answer = await send('GET', '/notes', { as, query: [['_limit', '3']] });
    expect([answer.status, answer.json.length]).toEqual([200, 3]);
    expect(Buffer.byteLength(answer.text)).toBeLessThan(6 * 1024 * 1024);
  });
});
