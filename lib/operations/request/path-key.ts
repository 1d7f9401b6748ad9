// Parses the key of the item that a path names.

import { ApiError } from '../../base/errors.ts';
import type { Item } from '../../base/value.ts';
import { parseKey } from '../../definition/item-faults.ts';
import type { Table } from '../../definition/table.ts';
import type { ApiRequest } from './request-context.ts';

/** @throws ApiError `invalid_path` */
export function pathKey({ table, call }: { readonly table: Table; readonly call: ApiRequest }): Item {
  const key = parseKey(table, call.pathParameters);
  if ('faults' in key) throw new ApiError('invalid_path', undefined, key.faults);
  return key.value;
}
