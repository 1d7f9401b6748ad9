// Reads the claims that a trusted proxy passes on in headers. They are parsed for every caller; the principal loader uses
// them only for an API key whose auth record says `oidc_proxy`.

import type { Auth, ProxyHeaders } from '../definition/api.ts';
import type { ApiRequest } from '../operations/request/request-context.ts';
import type { GatewayEvent } from './gateway-event.ts';

/** The person that the configured headers name; `undefined` if they do not name exactly one. */
export function proxiedIdentity({ headers }: GatewayEvent, { proxy }: Auth): ApiRequest['proxied'] {
  if (!proxy) return undefined;
  const username = single(headers, proxy.username);
  const groups = proxy.groups === undefined ? '' : single(headers, proxy.groups);
  const name = proxy.name === undefined ? '' : single(headers, proxy.name);
  const email = proxy.email === undefined ? '' : single(headers, proxy.email);
  if (!username || groups === undefined || name === undefined || email === undefined) return undefined;
  return {
    kind: 'oidc',
    username,
    ...(name !== '' && { name }),
    ...(email !== '' && { email }),
    groups: parseGroups(groups, proxy),
    isOverflowing: false,
    claims: new Map(),
  };
}

/** The one value of a header; '' if it is missing, `undefined` if it is repeated or sent with `-` and with `_`. */
function single(headers: GatewayEvent['headers'], name: string): string | undefined {
  const spelling = (text: string) => text.toLowerCase().replaceAll('_', '-');
  const values = [...headers].flatMap(([header, all]) => (spelling(header) === spelling(name) ? all : []));
  return values.length > 1 ? undefined : (values[0] ?? '').trim();
}

/** Parses a JSON list of strings, or strings split at the configured separator. `["a","b"]` and, with `;`, `a;b` → a, b. */
function parseGroups(text: string, { separator }: ProxyHeaders): readonly string[] {
  if (text.startsWith('[')) return jsonTexts(text);
  const parts = separator === undefined ? [text] : text.split(separator);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function jsonTexts(text: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((each) => typeof each === 'string' && each !== '') ? list : [];
  } catch {
    return [];
  }
}
