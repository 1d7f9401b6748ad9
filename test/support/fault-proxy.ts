// A DynamoDB that fails at will: an HTTP proxy in front of the engine, on loopback, which for each call is told what goes wrong
// with it. What it answers itself, it answers as DynamoDB does.

import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** One call of DynamoDB, as it came in. */
export type DynamoCall = {
  /** `GetItem`, `TransactWriteItems`, … */
  readonly operation: string;
  /** Its input, as JSON text: names of tables stand in it. */
  readonly body: string;
  /** Counted from 0, in the order in which calls came in. */
  readonly number: number;
};

export const FAULTS = [
  /** Refused: too many requests. */
  'throttled',
  'over capacity',
  /** A part of a batch is left unprocessed; of a transaction, throttled inside. */
  'in part',
  /** Another transaction is at work on the item. */
  'conflict',
  /** This very transaction, by its token, is still at work. */
  'in progress',
  'answer 500',
  'answer 503',
  /** A load balancer's page in the place of an answer. */
  'answer 502 of another',
  /** The connection breaks: the engine has not seen the call, or has done it. */
  'dropped before',
  'dropped after',
  /** Half an answer, then the connection breaks, or nothing more comes, or it ends as if it were whole. */
  'cut off',
  'stalled',
  'garbled',
  /** Done, and answered to somebody who has given up. */
  'late',
  /** Done, and answered a little later. */
  'delayed',
] as const;

export type Fault = (typeof FAULTS)[number];

export type FaultProxy = {
  readonly endpoint: string;
  /** What goes wrong with a call; a test may replace it. */
  decide: (call: DynamoCall) => Fault | undefined;
  /** How often each fault happened. */
  readonly happened: Map<Fault, number>;
  /** How many calls came in. */
  readonly calls: () => number;
  /** Tokens of transactions are not passed on: an engine that knows none. @default false */
  forgetsTokens: boolean;
  stop(): Promise<void>;
};

const TOKEN = /"ClientRequestToken":"([^"]+)"/;
const DELAY_MS = 15;
/** Longer than any client here waits. */
const PATIENCE_MS = 10_000;

type Answer = { readonly status: number; readonly headers: Record<string, string>; readonly body: Buffer };

/** @param target the engine's URL */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  /** Of transactions that are done: the same token again is answered as before, whatever else is the matter. */
  const done = new Set<string>();
  let calls = 0;
  const server = createServer((message, response) => {
    serve(message, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = PATIENCE_MS;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    decide: () => undefined,
    happened: new Map(),
    calls: () => calls,
    forgetsTokens: false,
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(message);
    const operation = String(message.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const call = { operation, body: body.toString('utf8'), number: calls };
    calls += 1;
    const token = TOKEN.exec(call.body)?.[1] ?? '';
    const wanted = proxy.decide(call);
    const fault = wanted !== undefined && applies(wanted, call, done.has(token)) ? wanted : undefined;
    if (fault !== undefined) proxy.happened.set(fault, (proxy.happened.get(fault) ?? 0) + 1);
    await act(fault, call, {
      response,
      forward: async (other = body) => {
        const answer = await forward(message, proxy.forgetsTokens ? withoutToken(other) : other);
        if (answer.status === 200) done.add(token);
        return answer;
      },
    });
  }

  function forward({ headers, url }: IncomingMessage, body: Buffer): Promise<Answer> {
    const { host: _, ...others } = headers;
    const sent = { ...others, 'content-length': String(body.length) };
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(url ?? '/', target), { method: 'POST', headers: sent, agent }, (incoming) => {
        read(incoming).then((answer) => resolve(answerOf(incoming, answer)), reject);
      });
      outgoing.once('error', reject).end(body);
    });
  }
}

type Way = { readonly response: ServerResponse; readonly forward: (body?: Buffer) => Promise<Answer> };

async function act(fault: Fault | undefined, call: DynamoCall, { response, forward }: Way): Promise<void> {
  const own = fault && refusalOf(fault, call);
  if (own) return reply(response, own);
  if (fault === 'dropped before') return void response.destroy();
  if (fault === 'in part') return reply(response, await inPart(call, forward));
  const answer = await forward();
  switch (fault) {
    case 'dropped after':
      return void response.destroy();
    case 'cut off':
      await half(response, answer, answer.body.length);
      return void response.destroy();
    case 'stalled':
      await half(response, answer, answer.body.length);
      return await gone(response);
    case 'garbled':
      await half(response, answer, answer.body.length >> 1);
      return void response.end();
    case 'late':
      return await gone(response);
    case 'delayed':
      await new Promise((resolve) => setTimeout(resolve, DELAY_MS));
  }
  reply(response, answer);
}

function withoutToken(body: Buffer): Buffer {
  const { ClientRequestToken: _, ...input } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  return Buffer.from(JSON.stringify(input));
}

/** A transaction that is done is not cancelled any more; here it is done sooner than its answer may say. */
function applies(fault: Fault, { operation }: DynamoCall, isDone: boolean): boolean {
  const isTransaction = operation === 'TransactWriteItems';
  if (fault === 'in progress') return isTransaction;
  if (fault === 'conflict') return isTransaction && !isDone;
  return fault !== 'in part' || (isTransaction && !isDone) || operation === 'BatchGetItem';
}

/** What DynamoDB answers in the place of doing something. */
function refusalOf(fault: Fault, call: DynamoCall): Answer | undefined {
  switch (fault) {
    case 'throttled':
      return refusal(400, 'com.amazon.coral.availability#ThrottlingException');
    case 'over capacity':
      return refusal(400, 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException');
    case 'conflict':
      return cancelled(call, 'TransactionConflict', 0);
    case 'in progress':
      return refusal(400, 'com.amazonaws.dynamodb.v20120810#TransactionInProgressException');
    case 'answer 500':
      return refusal(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError');
    case 'answer 503':
      return refusal(503, 'com.amazonaws.dynamodb.v20120810#ServiceUnavailable');
    case 'answer 502 of another': {
      const headers = { 'content-type': 'text/html' };
      return { status: 502, headers, body: Buffer.from('<html><h1>502 Bad Gateway</h1></html>') };
    }
    default:
      return undefined;
  }
}

function refusal(status: number, type: string, more: object = {}): Answer {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'FAULT' };
  const message = 'words of AWS about arn:aws:dynamodb:us-east-1:123456789012:table/secret';
  return { status, headers, body: Buffer.from(JSON.stringify({ __type: type, message, ...more })) };
}

/** A transaction that is cancelled for one of its actions; `at` from the end where it is negative. */
function cancelled({ body }: DynamoCall, code: string, at: number): Answer {
  const { TransactItems: items } = JSON.parse(body) as { TransactItems: unknown[] };
  const guilty = items.at(at);
  const CancellationReasons = items.map((each) => (each === guilty ? { Code: code, Message: code } : { Code: 'None' }));
  return refusal(400, 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException', { CancellationReasons });
}

type Batch = { readonly RequestItems: Record<string, { readonly Keys: unknown[] }> };

/** Half of a batch's keys are done; of one key, or of a transaction, nothing. */
async function inPart(call: DynamoCall, forward: Way['forward']): Promise<Answer> {
  if (call.operation === 'TransactWriteItems') return cancelled(call, 'ThrottlingError', -1);
  const { RequestItems, ...more } = JSON.parse(call.body) as Batch;
  const split = (take: (keys: unknown[]) => unknown[]) =>
    Object.fromEntries(
      Object.entries(RequestItems)
        .map(([name, { Keys, ...rest }]) => [name, { ...rest, Keys: take(Keys) }] as const)
        .filter(([, { Keys }]) => Keys.length > 0),
    );
  const done = split((keys) => keys.slice(0, keys.length >> 1));
  const left = split((keys) => keys.slice(keys.length >> 1));
  if (Object.keys(done).length === 0) {
    const body = Buffer.from(JSON.stringify({ Responses: {}, UnprocessedKeys: left }));
    return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body };
  }
  const answer = await forward(Buffer.from(JSON.stringify({ ...more, RequestItems: done })));
  if (answer.status !== 200) return answer;
  const found = JSON.parse(answer.body.toString('utf8')) as object;
  return { ...answer, body: Buffer.from(JSON.stringify({ ...found, UnprocessedKeys: left })) };
}

function answerOf({ statusCode, headers }: IncomingMessage, body: Buffer): Answer {
  const kept = ['content-type', 'x-amzn-requestid'].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return { status: statusCode ?? 500, headers: Object.fromEntries(kept), body };
}

function reply(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': String(body.length) }).end(body);
}

/** The first half of an answer, said to be so many bytes long; done when it is on its way. */
function half(response: ServerResponse, { status, headers, body }: Answer, length: number): Promise<void> {
  response.writeHead(status, { ...headers, 'content-length': String(length) });
  return new Promise((resolve) => response.write(body.subarray(0, body.length >> 1), () => resolve()));
}

/** Until the client has given up. */
function gone(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => response.destroy(), PATIENCE_MS);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * A client that waits no longer than so many milliseconds for an answer, and hardly at all before it tries again: `paused`
 * is told the longest that it might have waited.
 */
export function impatient(
  client: DynamoDBClient,
  milliseconds: number,
  paused: (milliseconds: number) => void = () => {},
): DynamoDBClient {
  const handler = client.config.requestHandler as { updateHttpClientConfig?(name: string, value: number): void };
  for (const name of ['requestTimeout', 'socketTimeout']) handler.updateHttpClientConfig?.(name, milliseconds);
  let base = 0;
  const setDelayBase = (wanted: number) => {
    base = wanted;
  };
  const computeNextBackoffDelay = (retries: number) => {
    paused(base * 2 ** retries);
    return 1;
  };
  const backoff = { setDelayBase, computeNextBackoffDelay };
  void client.config.retryStrategy().then((strategy) => Object.assign(strategy, { retryBackoffStrategy: backoff }));
  return client;
}

async function read(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
