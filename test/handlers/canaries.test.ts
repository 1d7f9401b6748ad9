// Plants marked values wherever a secret can stand, drives every operation to successes and failures, then reads back
// every log line, report of a defect, audit row, header and body. Each mark may be where this table says, nowhere else.

import { beforeAll, describe, expect, it } from 'vitest';
import { describeError } from '../../lib/base/describe-error.ts';
import { printItem } from '../../lib/base/json.ts';
import { api } from '../../lib/definition/api.ts';
import * as endpoints from '../../lib/definition/endpoint.ts';
import { table } from '../../lib/definition/table.ts';
import type { Ports } from '../../lib/operations/request/ports.ts';
import { keyRecord, type Received, type Sent, useApi } from '../support/api.ts';

/** Where a mark is looked for. `requests` is the table of idempotency keys, `answers` are bodies of the 200 range. */
const PLACES = ['logs', 'reports', 'audit', 'requests', 'headers', 'answers', 'problems'] as const;
type Place = (typeof PLACES)[number];

/** The marks: none is a part of another. */
const MARK = {
  key: 'canary-key-4711',
  token: 'canary-token-4711',
  claim: 'canary-claim-4711',
  cookie: 'canary-cookie-4711',
  idempotencyKey: 'canary-idempotency-4711',
  sensitive: 'canary-sensitive-4711',
  hidden: 'canary-hidden-4711',
  excluded: 'canary-excluded-4711',
  others: 'canary-others-4711',
  query: 'canary-query-4711',
  item: 'canary-item-4711',
} as const;

const MAY_BE: Readonly<Record<keyof typeof MARK, readonly Place[]>> = {
  key: [],
  token: [],
  // A claim that the definition does not list.
  claim: [],
  cookie: [],
  idempotencyKey: [],
  // Shown to who may see the attribute.
  sensitive: ['answers'],
  // Audit rows hold whole images; what is hidden is pruned where rows are read (test/handlers/audit).
  hidden: ['audit'],
  excluded: ['audit'],
  // Of a row that nobody changed, for a caller who may not read it.
  others: [],
  // A call's parameters are in its audit row, which the caller may read, in the link to its next page, and in the words
  // about what is wrong with them.
  query: ['audit', 'headers', 'answers', 'problems'],
  // A caller's own item.
  item: ['audit', 'answers', 'problems', 'headers'],
};

const items = table('items', {
  partitionKey: { id: 'string' },
  attributes: {
    secret: { type: 'string', sensitive: true },
    internal: { type: 'string', hidden: true },
    status: 'string',
  },
  rules: {
    note: (value) => {
      if (value === MARK.item) throw new Error(`the rule met ${String(value)}`);
      return true;
    },
  },
});
const { list, get, create, update, patch, remove, search, unique, user, hasPermission, audit, history } = endpoints;
const definition = api({
  tables: [items],
  endpoints: [
    list('/items', items),
    list('/items/{search_key}/{search_value}', items),
    unique('/statuses', items, 'status'),
    search('/search/{search_key}', items),
    get('/item/{id}', items),
    create('/item', items),
    update('/item/{id}', items),
    patch('/item/{id}', items),
    remove('/item/{id}', items),
    user('/user'),
    hasPermission('/user/has-permission'),
    audit('/audit'),
    audit('/audit/{id}', items),
    history('/history/{id}', items),
  ],
  auth: { apiKeys: true, oidc: { issuer: 'https://issuer.example.com', audience: 'tablegate' } },
});

const reports: string[] = [];
let fault: Partial<Ports> = {};
const gate = useApi(definition, (ports) => ({
  ...ports,
  meter: {
    ...ports.meter,
    track: ({ error, ...defect }) => {
      reports.push(JSON.stringify({ ...defect, error: describeError(error) }));
      return Promise.resolve();
    },
  },
  ...fault,
}));

const answers: Received[] = [];
const codes = new Set<string>();
const operations = new Set<string>();

const credentials = {
  'x-api-key': MARK.key,
  Cookie: `session=${MARK.cookie}`,
  'X-Amzn-Trace-Id': MARK.token,
};

async function drive(method: string, path: string, sent: Sent = {}): Promise<void> {
  // A key of its own for each request: a repeated one is a request of its own kind.
  const headers = { ...credentials, 'Idempotency-Key': `${MARK.idempotencyKey}-${answers.length}` };
  const answer = await gate.send(method, path, { as: 'limited', headers, ...sent });
  answers.push(answer);
  codes.add(answer.json?.code ?? 'ok');
}

/** Requests that succeed and requests that fail, with marks in every part that a caller fills. */
const REQUESTS: readonly (readonly [string, string, Sent?])[] = [
  ['GET', '/items'],
  ['GET', '/items', { query: [['secret', MARK.sensitive]] }],
  ['GET', '/items', { query: [['color', MARK.query]] }],
  ['GET', '/items', { query: [['_where', JSON.stringify({ field: 'secret', value: MARK.sensitive })]] }],
  ['GET', '/items', { query: [['_where', `{"field": ${MARK.query}`]] }],
  ['GET', '/items', { query: [['price__between', MARK.query]] }],
  ['GET', '/items', { query: [['secret__gt', MARK.sensitive]] }],
  ['GET', '/items', { query: [['internal', MARK.query]] }],
  ['GET', '/items', { query: [['excluded.deep__startswith', MARK.query]] }],
  ['GET', '/items', { query: [['_cursor', MARK.query]] }],
  ['GET', `/items/color/${MARK.query}`],
  ['GET', `/items/secret/${MARK.sensitive}`],
  ['GET', '/statuses'],
  ['POST', '/search/color', { body: [MARK.query] }],
  ['POST', '/search/secret', { body: [MARK.sensitive] }],
  ['POST', '/search/internal', { body: [MARK.hidden] }],
  ['GET', '/item/mine'],
  ['GET', '/item/theirs'],
  ['GET', `/item/${MARK.query}`],
  ['POST', '/item', { body: { id: 'new', status: 'active', secret: MARK.sensitive, note: 'fine' } }],
  ['POST', '/item', { body: { id: 'new', status: 'active', secret: MARK.sensitive } }],
  ['POST', '/item', { body: { id: 'theirs', status: 'active' } }],
  ['POST', '/item', { body: { id: 'x', status: 'active', internal: MARK.hidden } }],
  ['POST', '/item', { body: { id: 'x', status: 'active', secret: { deep: MARK.sensitive } } }],
  ['POST', '/item', { body: { id: 'x', status: 'sold', secret: MARK.sensitive } }],
  ['POST', '/item', { body: { id: 'x', status: 'active', note: MARK.item } }],
  ['POST', '/item', { text: `{"secret": "${MARK.sensitive}", "secret": 1}` }],
  ['POST', '/item', { text: `{"secret": ${MARK.sensitive}}` }],
  ['PUT', '/item/mine', { body: { secret: MARK.sensitive, color: 'red' } }],
  ['PUT', '/item/mine', { body: { status: 'sold', secret: MARK.sensitive } }],
  ['PUT', '/item/theirs', { body: { secret: MARK.sensitive } }],
  ['PATCH', '/item/mine', { body: { secret: MARK.sensitive, color: null } }],
  ['PATCH', '/item/mine', { body: { excluded: { deep: MARK.excluded } } }],
  ['PATCH', '/item/mine', { body: [MARK.sensitive] }],
  ['DELETE', '/item/theirs'],
  ['DELETE', '/item/new'],
  ['GET', '/user'],
  ['POST', '/user/has-permission', { body: { method: 'GET', path: `/item/${MARK.query}` } }],
  ['POST', '/user/has-permission', { body: { method: MARK.query } }],
  ['GET', '/audit'],
  ['GET', '/audit', { query: [['action', MARK.query]] }],
  ['GET', '/audit', { query: [['after.secret', MARK.sensitive]] }],
  ['GET', '/audit/mine'],
  ['GET', '/history/mine'],
  ['GET', '/history/theirs'],
];

beforeAll(async () => {
  const limited = { filter_fields: [{ field: 'status', value: 'active' }], exclude_fields: ['excluded.deep'] };
  const jane = { id: 'jane', type: 'USERNAME', permitted_endpoints: [{ method: '*', endpoint: '/.*' }], ...limited };
  await gate.auth(jane, keyRecord('limited', limited), { ...keyRecord('off', limited), disabled: true });
  await gate.items(
    'items',
    { id: 'mine', status: 'active', secret: MARK.sensitive, internal: MARK.hidden, excluded: { deep: MARK.excluded } },
    { id: 'theirs', status: 'sold', color: MARK.others, secret: MARK.others, price: 1 },
  );
  for (const [method, path, sent] of REQUESTS) await drive(method, path, sent);
  for (const as of ['off', 'nobody']) await drive('GET', '/items', { as, query: [['color', MARK.query]] });
  const token = { authorization: `Bearer ${MARK.token}` };
  const anonymous = { ...REQUESTS[0]?.[2], headers: token };
  answers.push(await gate.send('GET', '/items', anonymous));
  const claims = { sub: 'jane', jti: MARK.claim, nonce: MARK.token };
  for (const path of ['/items', '/item/mine', '/user', '/item/theirs'])
    answers.push(await gate.send('GET', path, { claims }));
  answers.push(await gate.send('GET', '/items', { as: 'limited', headers: { ...credentials, ...token } }));
  await driveDefects();
  for (const line of gate.logs) operations.add(JSON.parse(line).operation);
}, 60_000);

/** Defects and outages whose words quote rows and requests, at every port that sees them. */
async function driveDefects(): Promise<void> {
  const words = `met ${Object.values(MARK).join(' ')}`;
  const errors = [
    new Error(words),
    new TypeError(words, { cause: new SyntaxError(words) }),
    Object.assign(new Error(words), {
      name: 'ValidationException',
      $metadata: {},
      Item: { secret: { S: MARK.sensitive } },
    }),
  ];
  for (const error of errors) {
    const fails = () => Promise.reject(error);
    for (const port of ['loadRecords', 'read', 'write', 'putAudit'] as const) {
      fault = { [port]: fails };
      await drive('GET', '/item/mine');
      await drive('PUT', '/item/mine', { body: { secret: MARK.sensitive } });
    }
  }
  fault = {};
}

async function everything(): Promise<Readonly<Record<Place, string>>> {
  const ok = answers.filter(({ status }) => status < 300);
  const refused = answers.filter(({ status }) => status >= 300);
  return {
    logs: gate.logs.join('\n'),
    reports: reports.join('\n'),
    audit: (await gate.auditRows()).map(printItem).join('\n'),
    requests: (await gate.requestRows()).map(printItem).join('\n'),
    headers: JSON.stringify(answers.map(({ headers }) => headers)),
    answers: ok.map(({ text }) => text).join('\n'),
    problems: refused.map(({ text }) => text).join('\n'),
  };
}

describe('the requests', () => {
  it('reached every operation and many kinds of failure', () => {
    const driven = new Set(definition.endpoints.map(({ operation }) => operation));
    expect([...driven].filter((operation) => !operations.has(operation))).toEqual([]);
    for (const code of ['ok', 'not_found', 'invalid_query', 'invalid_body', 'field_not_permitted', 'row_not_permitted'])
      expect([...codes]).toContain(code);
    for (const code of ['internal', 'validation_failed', 'already_exists', 'not_authorized'])
      expect([...codes]).toContain(code);
    expect(reports.length).toBeGreaterThan(5);
  });

  it('left one line each', () => {
    const lines = gate.logs.map((line) => JSON.parse(line)).filter(({ message }) => message === 'request');
    expect(lines).toHaveLength(answers.length);
  });
});

describe.each(Object.entries(MARK))('%s', (name, mark) => {
  const allowed = MAY_BE[name as keyof typeof MARK];
  it.each(PLACES.filter((place) => !allowed.includes(place)))('is not in %s', async (place) => {
    const text = (await everything())[place];
    expect(text.length).toBeGreaterThan(100);
    const at = text.indexOf(mark);
    expect(at < 0 ? '' : text.slice(Math.max(0, at - 200), at + 100)).toBe('');
  });
});

it('the marks are found where they may be: the search itself works', async () => {
  const found = await everything();
  expect(found.answers).toContain(MARK.sensitive);
  expect(found.audit).toContain(MARK.query);
  expect(found.audit).toContain(MARK.hidden);
  expect(found.audit).toContain('"secret":"***"');
});
