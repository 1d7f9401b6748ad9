// docs/reference/limits.md: a Lambda answers at most 6 MB. A page ends before that, and never silently.

import { beforeAll, describe, expect, it } from 'vitest';
import { api } from '../../lib/definition/api.ts';
import { list } from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import { keyRecord, nextQuery, type Received, useApi } from '../support/api.ts';

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
  it('are answered as far as they fit, and the rest with the next pages', async () => {
    const seen: string[] = [];
    let pages = 0;
    for (let query: [string, string][] | undefined = []; query; pages += 1) {
      const answer: Received = await send('GET', '/notes', { as, query });
      expect(answer.status).toBe(200);
      expect(Buffer.byteLength(answer.text)).toBeLessThan(6 * 1024 * 1024);
      seen.push(...answer.json.map(({ id }: { id: string }) => id));
      query = nextQuery(answer);
    }
    expect(seen.sort()).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7']);
    expect(pages).toBeGreaterThan(1);
  });

  it('are answered with a next page below the limit that was asked for', async () => {
    const answer = await send('GET', '/notes', { as, query: [['_limit', '7']] });
    expect([answer.status, nextQuery(answer) === undefined]).toEqual([200, false]);
    expect(answer.json.length).toBeLessThan(7);
  });
});
