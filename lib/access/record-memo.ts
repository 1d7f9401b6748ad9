// Records that were parsed before: strict parsing, with its regular expressions, is the dearest part of a request that asks
// nothing of the network. What a record means depends on its content alone, so a record that was read now and is written
// as one that was parsed is not parsed again. One that is written otherwise, in whatever part, is parsed; a broken one always.

import { itemBytes } from '../base/item-size.ts';
import type { Parsed } from '../base/json.ts';
import { Recent } from '../base/recent.ts';
import { sameItem } from '../base/same-item.ts';
import type { Item } from '../base/value.ts';
import { Grant } from './grant.ts';
import { type AuthRecord, type GroupRecord, parseAuthRecord, parseGroupRecord, type RecordContext } from './records.ts';

/** Of each table. */
const MAX_RECORDS = 250;
/** A larger record is parsed each time: it must not fill the memory of a Lambda. */
const MAX_BYTES = 16_384;

type Kept<T> = { readonly item: Item; readonly parsed: Parsed<T> };

/** The parsed records of one service, as long as that lives. */
export class RecordMemo {
  readonly context: RecordContext;
  readonly #auth = new Recent<Kept<AuthRecord>>(MAX_RECORDS);
  readonly #groups = new Recent<Kept<GroupRecord>>(MAX_RECORDS);
  readonly #grants = new WeakMap<AuthRecord, { readonly groups: readonly GroupRecord[]; readonly grant: Grant }>();

  constructor(context: RecordContext) {
    this.context = context;
  }

  /** What `parseAuthRecord` gives; for a record that is written as before, the very same object. */
  auth(id: string, item: Item): Parsed<AuthRecord> {
    return this.#parsed(this.#auth, id, item, parseAuthRecord);
  }

  /** What `parseGroupRecord` gives; for a group that is written as before, the very same object. */
  group(id: string, item: Item): Parsed<GroupRecord> {
    return this.#parsed(this.#groups, id, item, parseGroupRecord);
  }

  /** The grant of a record and its groups; for the same objects the very same one, with all that it has compiled. */
  grant(record: AuthRecord, groups: readonly GroupRecord[]): Grant {
    const kept = this.#grants.get(record);
    if (kept && groups.length === kept.groups.length && groups.every((group, at) => group === kept.groups[at]))
      return kept.grant;
    const grant = new Grant(record, groups);
    this.#grants.set(record, { groups, grant });
    return grant;
  }

  #parsed<T>(
    known: Recent<Kept<T>>,
    id: string,
    item: Item,
    parse: (item: Item, context: RecordContext) => Parsed<T>,
  ): Parsed<T> {
    const kept = known.get(id);
    if (kept && sameItem(kept.item, item)) return kept.parsed;
    const parsed = parse(item, this.context);
    if ('value' in parsed && itemBytes(item) <= MAX_BYTES) known.set(id, { item, parsed });
    return parsed;
  }
}
