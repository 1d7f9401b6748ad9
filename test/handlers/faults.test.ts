// A DynamoDB that throttles, conflicts or is out of reach: the caller is told to come back, learns nothing else, and no
// mutation is ever without its audit row. The faults are forced on the client: no engine produces them at will.

import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import api from '#api';
import { keyRecord, type Received, useApi } from '../support/api.ts';

/** Microseconds that the handlers' clock is ahead: their pauses take no time. */
let ahead = 0;
const { engine, names, send, auth, items, stored, auditRows } = useApi(api, (ports) => ({
  ...ports,
  now: () => ports.now() + ahead,
  sleep: (milliseconds) => {
    ahead += milliseconds * 1e3;
    return Promise.resolve();
  },
}));
const as = 'admin';
let faults: ReturnType<typeof mockClient>;

beforeEach(async () => {
  await auth(keyRecord(as));
  await items('items', { id: 'a', n: 1, status: 'active' });
  faults = mockClient(DynamoDBClient);
  // What is not made to fail goes to the engine.
  faults.send.callThrough();
});
afterEach(() => faults.restore());

function named(name: string, more: object = {}): Error {
  return Object.assign(new Error('words of AWS: arn:aws:dynamodb:us-east-1:123456789012:table/items'), {
    name,
    ...more,
  });
}

function cancelled(...codes: string[]): Error {
  const CancellationReasons = codes.map((Code) => ({ Code, Message: 'reason' }));
  return new TransactionCanceledException({ $metadata: {}, message: 'cancelled', CancellationReasons });
}

function told({ status, json, headers, text }: Received) {
  expect(text).not.toMatch(/arn:|words of AWS|items|Exception/);
  return [status, json.code, headers['Retry-After']];
}

describe('a DynamoDB that fails', () => {
  it.each<[string, number, string]>([
    ['ThrottlingException', 429, 'throttled'],
    ['ProvisionedThroughputExceededException', 429, 'throttled'],
    ['RequestLimitExceeded', 429, 'throttled'],
    ['InternalServerError', 503, 'unavailable'],
    ['TimeoutError', 503, 'unavailable'],
  ])('on reading: %s', async (name, status, code) => {
    faults.on(GetItemCommand).rejects(named(name));
    faults.on(ScanCommand).rejects(named(name));
    expect(told(await send('GET', '/item/a', { as }))).toEqual([status, code, expect.any(String)]);
    expect(told(await send('GET', '/items', { as }))).toEqual([status, code, expect.any(String)]);
  });

  it('on reading records: nobody is let in', async () => {
    faults.on(BatchGetItemCommand).rejects(named('ThrottlingException'));
    expect(told(await send('GET', '/item/a', { as }))).toEqual([429, 'throttled', expect.any(String)]);
  });

  it('on reading records in part: what was not read is not absent', async () => {
    const half = { Responses: {}, UnprocessedKeys: { [names.auth]: { Keys: [{ id: { S: as } }] } } };
    faults.on(BatchGetItemCommand).resolves(half);
    expect(told(await send('GET', '/item/a', { as }))).toEqual([503, 'unavailable', expect.any(String)]);
  });

  it('on the audit row of a read: no answer without it', async () => {
    faults.on(PutItemCommand).rejects(named('ThrottlingException'));
    expect(told(await send('GET', '/item/a', { as }))).toEqual([503, 'unavailable', expect.any(String)]);
    expect(told(await send('GET', '/item/nothing', { as }))).toEqual([503, 'unavailable', expect.any(String)]);
  });

  it.each<[string, () => Error, number, string]>([
    ['a throttled transaction', () => cancelled('None', 'ThrottlingError'), 429, 'throttled'],
    ['a throttled audit table', () => cancelled('None', 'ProvisionedThroughputExceeded'), 429, 'throttled'],
    ['an answer that does not come', () => named('TimeoutError'), 503, 'unavailable'],
    ['a connection that breaks', () => named('Error', { code: 'ECONNRESET' }), 503, 'unavailable'],
    ['a defect', () => named('ValidationException', { $metadata: { httpStatusCode: 400 } }), 500, 'internal'],
  ])('on writing: %s', async (_, fault, status, code) => {
    const before = [await stored('items'), (await auditRows()).length];
    faults.on(TransactWriteItemsCommand).rejects(fault());
    for (const [method, body] of [['PUT', { n: 2 }], ['PATCH', { n: 2 }], ['DELETE']] as const) {
      const [was, is] = told(await send(method, '/item/a', { as, body }));
      expect([was, is]).toEqual([status, code]);
    }
    faults.reset();
    faults.send.callThrough();
    expect([await stored('items'), (await auditRows()).length]).toEqual(before);
    expect((await send('PUT', '/item/a', { as, body: { n: 3 } })).status).toBe(200);
  });

  it('a conflict that goes away is tried again', async () => {
    faults.on(TransactWriteItemsCommand).rejectsOnce(cancelled('TransactionConflict', 'None')).callsFake(passThrough);
    expect((await send('POST', '/item', { as, body: { id: 'conflicted' } })).status).toBe(201);
  });

  it.each<[string, string, number, string, string | undefined]>([
    ['a conflict', 'TransactionConflict', 409, 'conflict', undefined],
    ['throttling', 'ThrottlingError', 429, 'throttled', '1'],
  ])('%s that stays is refused after five seconds', async (_, reason, status, code, retryAfter) => {
    const before = ahead;
    faults.on(TransactWriteItemsCommand).rejects(cancelled(reason, 'None'));
    expect(told(await send('POST', '/item', { as, body: { id: 'never' } }))).toEqual([status, code, retryAfter]);
    expect(faults.commandCalls(TransactWriteItemsCommand).length).toBeGreaterThan(10);
    expect(ahead - before).toBeLessThanOrEqual(5_000_000);
    faults.reset();
    faults.send.callThrough();
    expect((await stored('items')).map(({ id }) => JSON.stringify(id))).not.toContain('{"S":"never"}');
  });

  it.each(['ThrottlingError', 'ProvisionedThroughputExceeded'])('%s that goes away is tried again', async (reason) => {
    faults.on(TransactWriteItemsCommand).rejectsOnce(cancelled('None', reason)).callsFake(passThrough);
    expect((await send('POST', '/item', { as, body: { id: `throttled ${reason}` } })).status).toBe(201);
  });

  it('an audit row that the SDK put twice is one row', async () => {
    const taken = new ConditionalCheckFailedException({ $metadata: {}, message: 'The conditional request failed' });
    faults.on(PutItemCommand).rejects(taken);
    expect((await send('GET', '/item/a', { as })).status).toBe(200);
  });
});

/** A second client is not mocked once this one is restored for it. */
function passThrough(input: TransactWriteItemsCommandInput): Promise<unknown> {
  faults.restore();
  return engine.client.send(new TransactWriteItemsCommand(input));
}
