// Whatever event comes in, of either version, whole or broken: the answer is one that API Gateway takes, says what it says
// in the right form, and is no defect.

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import api from '#api';
import type { HttpAnswer } from '../../lib/http/problem.ts';
import { parseProxyAnswer } from '../../lib/local/gateway/proxy-answer.ts';
import { keyRecord, useApi } from '../support/api.ts';
import { type Delivery, deliverable, undeliverable } from '../support/hostile-events.ts';
import { cases, proved, runs } from '../support/proof.ts';

const as = 'admin';
const TIMEOUT = 60_000 * runs(1);
const { deliver, auth, items } = useApi(api, undefined, { isWarm: true });

beforeAll(async () => {
  await auth(keyRecord(as), { ...keyRecord('everybody'), type: 'OIDC_GROUP' });
  await items('items', { id: 'a', status: 'active', _v: 1 });
});

/** What an answer to any event must be. */
function expectForm({ statusCode, headers, body }: HttpAnswer): void {
  expect(Number.isInteger(statusCode) && statusCode >= 200 && statusCode < 500, body.slice(0, 300)).toBe(true);
  expect([typeof body, ...Object.values(headers).map((value) => typeof value)]).toEqual(
    ['body', ...Object.keys(headers)].map(() => 'string'),
  );
  // The gateway's own reading: names and values of headers that can be sent.
  expect(parseProxyAnswer(JSON.stringify({ statusCode, headers, body }))).toBeDefined();
  expect([headers['X-Content-Type-Options'], headers['Cache-Control']]).toEqual(['nosniff', 'no-store']);
  if (statusCode >= 400) expectProblem({ statusCode, headers, body });
  else if (body !== '') JSON.parse(body);
}

function expectProblem({ statusCode, headers, body }: HttpAnswer): void {
  expect(headers['Content-Type']).toBe('application/problem+json; charset=utf-8');
  const { type, title, status, detail, code, request_id, errors, ...more } = JSON.parse(body) as Record<
    string,
    unknown
  >;
  expect([type, status, request_id]).toEqual(['about:blank', statusCode, headers['X-Request-Id']]);
  for (const each of [title, detail, code]) expect(each).toEqual(expect.stringMatching(/./));
  expect([errors === undefined || Array.isArray(errors), more]).toEqual([true, {}]);
}

describe('an event', () => {
  it.each<[string, fc.Arbitrary<Delivery>]>([
    ['that a gateway could deliver', deliverable(api, as)],
    ['that no gateway delivers', undeliverable(api, as)],
  ])(
    '%s is answered in the right form, and is no defect',
    async (what, deliveries) => {
      const statuses = new Map<number, number>();
      const property = fc.asyncProperty(deliveries, async ({ endpoint, event }) => {
        const answer = await deliver(endpoint, event);
        expectForm(answer);
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
      });
      await fc.assert(property, cases(200));
      for (const status of [200, 400]) expect(statuses.get(status) ?? 0).toBeGreaterThan(0);
      proved(`events ${what}`, { events: runs(200), defects: 0 });
    },
    TIMEOUT,
  );
});
