// The claims that a trusted proxy passes on in headers. They are read for every caller and believed for none but an API
// key whose auth record says `oidc_proxy`: that is decided where the record is known.

import type { Auth, ProxyHeaders } from '../definition/api.ts';
import type { ApiRequest } from '../operations/request/request-context.ts';
import type { GatewayEvent } from './gateway-event.ts';

/** What the configured headers say, or undefined where they do not name one caller without doubt. */
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

/** The one value of a header: `` where it is missing, undefined where it is repeated or spelt twice, with `-` and `_`. */
function single(headers: GatewayEvent['headers'], name: string): string | undefined {
  const spelling = (text: string) => text.toLowerCase().replaceAll('_', '-');
  const values = [...headers].flatMap(([header, all]) => (spelling(header) === spelling(name) ? all : []));
  return values.length > 1 ? undefined : (values[0] ?? '').trim();
}

/** A JSON list of texts, or texts parted by the one configured separator; anything else is no group. */
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
