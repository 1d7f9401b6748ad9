// Chooses the address of an engine. One that checks no credentials answers anybody, web pages too, so it listens on an
// address of the loopback network that no page can guess.

import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

export type EnginePlace = { readonly host: string; readonly port: number };

const BYTE_END = 255;

/**
 * Chooses one of some 2^38 places, address and port: years of tries for a page, and no name leads there.
 * `undefined` if the system has one loopback address only, as macOS does.
 */
export async function hiddenPlace(): Promise<EnginePlace | undefined> {
  const byte = () => randomInt(1, BYTE_END);
  try {
    return await freePlace(`127.${byte()}.${byte()}.${byte()}`);
  } catch {
    return undefined;
  }
}

/** Chooses a free port of an address. Rejects where nobody can listen there. */
export async function freePlace(host: string): Promise<EnginePlace> {
  const server = createServer();
  await once(server.listen(0, host), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return { host, port };
}
