// Caches parsed records, because strict parsing, with its regular expressions, takes more time than all else that a request does
// between network calls. A loaded record is looked up by id and reused only if its whole content is the same; a changed record
// is parsed again, and a broken one is never cached.

import { itemBytes } from '../base/item-size.ts';
import type { Parsed } from '../base/json.ts';
import { Recent } from '../base/recent.ts';
import { sameItem } from '../base/same-item.ts';
import type { Item } from '../base/value.ts';
import { Grant } from './grant.ts';
import { type AuthRecord, type GroupRecord, parseAuthRecord, parseGroupRecord, type RecordContext } from './records.ts';

/** The most records cached of each table. */
const MAX_RECORDS = 250;
/** The largest record cached, in bytes: larger ones could fill the memory of a Lambda. */
const MAX_BYTES = 16_384;

type Cached<T> = { readonly item: Item; readonly parsed: Parsed<T> };

/** The cache of parsed records of one Lambda instance. */
export class RecordMemo {
  readonly context: RecordContext;
  readonly #auth = new Recent<Cached<AuthRecord>>(MAX_RECORDS);
  readonly #groups = new Recent<Cached<GroupRecord>>(MAX_RECORDS);
  readonly #grants = new WeakMap<AuthRecord, { readonly groups: readonly GroupRecord[]; readonly grant: Grant }>();

  constructor(context: RecordContext) {
    this.context = context;
  }

  /** Returns the result of `parseAuthRecord`; the same object for an unchanged record. */
  auth(id: string, item: Item): Parsed<AuthRecord> {
    return this.#parsed(this.#auth, id, item, parseAuthRecord);
  }

  /** Returns the result of `parseGroupRecord`; the same object for an unchanged group. */
  group(id: string, item: Item): Parsed<GroupRecord> {
    return this.#parsed(this.#groups, id, item, parseGroupRecord);
  }

  /** Returns the grant of a record and its groups; the same one for the same objects, with all that it has compiled. */
  grant(record: AuthRecord, groups: readonly GroupRecord[]): Grant {
    const cached = this.#grants.get(record);
    if (cached && groups.length === cached.groups.length && groups.every((group, at) => group === cached.groups[at]))
      return cached.grant;
    const grant = new Grant(record, groups);
    this.#grants.set(record, { groups, grant });
    return grant;
  }

  #parsed<T>(
    known: Recent<Cached<T>>,
    id: string,
    item: Item,
    parse: (item: Item, context: RecordContext) => Parsed<T>,
  ): Parsed<T> {
    const cached = known.get(id);
    if (cached && sameItem(cached.item, item)) return cached.parsed;
    const parsed = parse(item, this.context);
    if ('value' in parsed && itemBytes(item) <= MAX_BYTES) known.set(id, { item, parsed });
    return parsed;
  }
}
