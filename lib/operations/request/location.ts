// Makes the Location of a new item: the path of the API's get endpoint for its table.

import { attribute, type Item } from '../../base/value.ts';
import { namesWholeKey } from '../../definition/endpoint.ts';
import type { TableRequest } from './request-context.ts';

/**
 * The longest address in a header: the gateway accepts 10,240 bytes of request line and headers, and URLs of 8,192 at its
 * edge.
 * Source: the quotas of API Gateway's REST and HTTP APIs.
 */
export const MAX_ADDRESS_BYTES = 8_192;

/**
 * The path of an item, each segment percent-encoded, as `/prod/item/a%2Fb`; `undefined` if the API has no get endpoint for
 * the table, the caller may not see the key, or the path is too long for a gateway.
 */
export function locationOf({ api, endpoint, call, policy }: TableRequest, key: Item): string | undefined {
  if (Object.keys(key).some((name) => policy.hidden.place([name]) !== 'apart')) return undefined;
  const reader = api.endpoints.find(
    (each) => each.operation === 'get' && each.table === endpoint.table && namesWholeKey(each),
  );
  const path = reader?.route.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(keyText(key, name)));
  const location = path && call.basePath + path;
  return location && location.length <= MAX_ADDRESS_BYTES ? location : undefined;
}

function keyText(key: Item, name: string): string {
  const value = attribute(key, name);
  if (value && 'S' in value) return value.S;
  return value && 'N' in value ? value.N : '';
}
