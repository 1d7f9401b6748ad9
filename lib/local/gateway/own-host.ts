// Tells by its Host if a request was meant for this runtime. A web page can give its own name the address of this machine
// (DNS rebinding) and would then read the answers; the name in Host is still the page's.

import type { GatewayRequest } from './request.ts';

type Headers = GatewayRequest['headers'];

/** Names that no DNS server leads here. Any port: what forwards one to this machine keeps its own. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;
/** An address is looked up nowhere: no page can have one as its name and be elsewhere. */
const ADDRESS = /^(\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\])(:\d+)?$/i;
const EVERY_ADDRESS = ['0.0.0.0', '::'];

export function isLoopbackHost(headers: Headers): boolean {
  return LOOPBACK.test(hostOf(headers) ?? '');
}

/** @param listening the address or name that the runtime listens on */
export function isOwnHost(headers: Headers, listening: string): boolean {
  const host = hostOf(headers) ?? '';
  if (LOOPBACK.test(host)) return true;
  if (EVERY_ADDRESS.includes(listening)) return ADDRESS.test(host);
  const name = listening.includes(':') ? `[${listening}]` : listening;
  return host.replace(/:\d+$/, '').toLowerCase() === name.toLowerCase();
}

/** The one Host; `undefined` if there is none, or more than one. */
export function hostOf(headers: Headers): string | undefined {
  const hosts = headers.filter(([name]) => name.toLowerCase() === 'host');
  return hosts.length === 1 ? hosts[0]?.[1] : undefined;
}
