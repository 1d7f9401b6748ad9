// Makes entity tags (RFC 9110, section 8.8.3) and checks the preconditions of writes (section 13.1). A tag is an HMAC of
// the pruned item: it reveals nothing, and does not change with hidden attributes.

import { prune } from '../../access/prune.ts';
import { ApiError } from '../../base/errors.ts';
import type { Item } from '../../base/value.ts';
import { valueKey } from '../../condition/value-key.ts';
import type { TableRequest } from './request-context.ts';

type Tag = { readonly text: string; readonly isWeak: boolean };

/** Matches the first tag of a list, with the comma after it. */
const TAG = /^[ \t]*(W\/)?("[\x21\x23-\x7e\x80-\uffff]*")[ \t]*(?:,|$)/;
const MAX_CHARACTERS = 8_192;

/** Returns the strong tag of an item, quoted. */
export async function entityTag({ policy, table, ports }: TableRequest, item: Item): Promise<string> {
  const seen = prune(item, policy.hidden);
  return `"${await ports.seal(`etag ${table.name} ${valueKey({ M: seen })}`)}"`;
}

/**
 * Refuses precondition headers that are malformed: one that was ignored would let a lost update happen.
 * @throws ApiError `invalid_header`
 */
export function checkPreconditionHeaders({ call }: Pick<TableRequest, 'call'>): void {
  parseTags('If-Match', call.ifMatch);
  parseTags('If-None-Match', call.ifNoneMatch);
}

/**
 * Refuses a write whose preconditions the stored item does not meet. `existing` is from the read that the write is pinned to.
 * @throws ApiError `precondition_failed`
 */
export async function checkPreconditions(session: TableRequest, existing: Item): Promise<void> {
  const wanted = parseTags('If-Match', session.call.ifMatch);
  const unwanted = parseTags('If-None-Match', session.call.ifNoneMatch);
  if (!wanted && !unwanted) return;
  const text = await entityTag(session, existing);
  // If-Match compares strongly, If-None-Match weakly.
  const isWanted = !wanted || wanted === '*' || wanted.some((tag) => !tag.isWeak && tag.text === text);
  const isUnwanted = unwanted === '*' || (unwanted ?? []).some((tag) => tag.text === text);
  if (!isWanted) throw new ApiError('precondition_failed');
  if (isUnwanted) throw new ApiError('precondition_failed', 'the item is a version named in If-None-Match');
}

/**
 * Refuses a create with If-Match: a new item has no version. `If-None-Match: *` holds for every create.
 * @throws ApiError `precondition_failed`
 */
export function checkNoMatch({ call }: TableRequest): void {
  if (call.ifMatch.length === 0) return;
  throw new ApiError('precondition_failed', 'a create has no version to match; send no If-Match');
}

/** Parses a header: `W/"a", "b"` → two tags, `*` → `*`; `undefined` if it was not sent. */
function parseTags(name: string, values: readonly string[]): readonly Tag[] | '*' | undefined {
  const [value] = values;
  if (value === undefined) return undefined;
  const fault = (message: string) => new ApiError('invalid_header', undefined, [{ path: name, message }]);
  if (values.length > 1) throw fault('is sent more than once; send one list');
  if (value.length > MAX_CHARACTERS) throw fault(`is longer than ${MAX_CHARACTERS} characters`);
  if (value.trim() === '*') return '*';
  const tags: Tag[] = [];
  for (let rest = value; rest !== ''; ) {
    const match = TAG.exec(rest);
    if (!match) throw fault('must be * or a list of entity tags in double quotes');
    tags.push({ text: match[2] as string, isWeak: match[1] !== undefined });
    rest = rest.slice(match[0].length);
  }
  if (tags.length === 0) throw fault('must be * or a list of entity tags in double quotes');
  return tags;
}
