// The client against a server that takes calls and does not answer, or not to the end: it gives up by itself and tries
// again. The times are the client's own, so that these tests wait for them.

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createClient } from '../../../../lib/store/dynamodb/client.ts';

const JSON_HEADERS = { 'content-type': 'application/x-amz-json-1.0' };

const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** What a client gets of a server that does this with its first call, and answers the next. */
async function answerBehind(fault: (response: ServerResponse) => void): Promise<unknown> {
  let calls = 0;
  const server = createServer((message, response) => {
    message.resume().once('end', () => {
      calls += 1;
      if (calls === 1) fault(response);
      else response.writeHead(200, JSON_HEADERS).end(`{"Item":{"calls":{"N":"${calls}"}}}`);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const { Item } = await client.send(new GetItemCommand({ TableName: 'items', Key: { id: { S: 'a' } } }));
  client.destroy();
  return Item;
}

describe.concurrent('a call is given up and tried again where its answer', () => {
  it('does not begin', async () => {
    expect(await answerBehind(() => {})).toEqual({ calls: { N: '2' } });
  });

  it('does not end', async () => {
    const stall = (response: ServerResponse) => {
      response.writeHead(200, { ...JSON_HEADERS, 'content-length': '100' }).write('{"Item":');
    };
    expect(await answerBehind(stall)).toEqual({ calls: { N: '2' } });
  });
});
