// The principal of a caller, merged again and again as a warm instance does it: of records as they were read just now,
// which are no object that it has seen before.

import { Permission } from '../lib/access/permission.ts';
import { Policy } from '../lib/access/policy.ts';
import { merge, openRecords, type Principal } from '../lib/access/principal.ts';
import { RecordMemo } from '../lib/access/record-memo.ts';
import { recordContext } from '../lib/access/records.ts';
import { attribute, type Item, textOf } from '../lib/base/value.ts';
import { measuredApi } from './api.ts';
import { itemFrom } from './rows.ts';

/** The moment at which policies are made. */
export const NOW = Date.UTC(2026, 5, 1);
const COPIES = 16;

type Caller = {
  readonly record: Item;
  readonly groups: readonly Item[];
  /** Each time by an instance that has seen none of the records. */
  readonly isCold?: boolean;
};

/** @param rows of the table, which plans estimate their cost with */
export function merging(rows: number, { record, groups, isCold = false }: Caller): () => Principal {
  const context = recordContext(measuredApi(rows).unaudited);
  const kept = new RecordMemo(context);
  const id = attribute(record, 'id');
  const identity = { kind: 'api_key', id: id && 'S' in id ? id.S : '' } as const;
  const read = Array.from({ length: COPIES }, () => ({ auth: [asRead(record)], groups: groups.map(asRead) }));
  let at = 0;
  return () => {
    at = (at + 1) % COPIES;
    const memo = isCold ? new RecordMemo(context) : kept;
    const { auth = [], groups: named = [] } = read[at] ?? {};
    return merge(openRecords(identity, auth, memo, NOW / 1e3), named, memo);
  };
}

/**
 * A person whom two OIDC groups let in, each with half of the groups: neither grant is the own one, so that rows are those of
 * one or the other.
 */
export function mergingPerson(rows: number, groups: readonly Item[]): () => Principal {
  const memo = new RecordMemo(recordContext(measuredApi(rows).unaudited));
  const ids = groups.map((group) => textOf(group, 'group_id') ?? '');
  const half = Math.ceil(ids.length / 2);
  const auth = [
    itemFrom({ id: 'first', type: 'OIDC_GROUP', groups: ids.slice(0, half) }),
    itemFrom({ id: 'second', type: 'OIDC_GROUP', groups: ids.slice(half) }),
  ];
  const identity = {
    kind: 'oidc',
    username: 'jane',
    groups: ['first', 'second'],
    isOverflowing: false,
    claims: new Map(),
  } as const;
  const read = Array.from({ length: COPIES }, () => ({ auth: auth.map(asRead), groups: groups.map(asRead) }));
  let at = 0;
  return () => {
    at = (at + 1) % COPIES;
    const { auth: records = [], groups: named = [] } = read[at] ?? {};
    return merge(openRecords(identity, records, memo, NOW / 1e3), named, memo);
  };
}

/** What the caller may do with the measured table of so many rows. */
export function policyOf(principal: Principal, rows: number): Policy {
  return Policy.of(Permission.decide(principal, 'GET', '/items'), measuredApi(rows).items, NOW);
}

/** An item as the SDK gives it: objects and texts of its own. */
export function asRead(item: Item): Item {
  return JSON.parse(JSON.stringify(item));
}
