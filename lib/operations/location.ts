// Where a new item can be read: the path of the API's own get endpoint for its table.

import { attribute, type Item } from '../base/value.ts';
import { namesWholeKey } from '../definition/endpoint.ts';
import type { TableSession } from './session.ts';

/**
 * The path of an item, each segment percent-encoded; undefined where the API has no get endpoint for the table, or the
 * caller may not see the key.
 */
export function locationOf({ api, endpoint, call, policy }: TableSession, key: Item): string | undefined {
  if (Object.keys(key).some((name) => policy.hidden.place([name]) !== 'apart')) return undefined;
  const reader = api.endpoints.find(
    (each) => each.operation === 'get' && each.table === endpoint.table && namesWholeKey(each),
  );
  const path = reader?.route.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(keyText(key, name)));
  return path && call.basePath + path;
}

function keyText(key: Item, name: string): string {
  const value = attribute(key, name);
  if (value && 'S' in value) return value.S;
  return value && 'N' in value ? value.N : '';
}
