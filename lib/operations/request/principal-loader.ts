// Loads the caller's principal from stored records. The groups that the caller had last time are prefetched with the auth
// record: one round trip if nothing has changed. A guess decides only what is prefetched: the records read now name the
// groups that count, and a group that was not prefetched is read after them.

import {
  type Identity,
  merge,
  type OpenedRecords,
  openRecords,
  type Principal,
  recordIds,
} from '../../access/principal.ts';
import { RecordMemo } from '../../access/record-memo.ts';
import { recordContext } from '../../access/records.ts';
import { ApiError } from '../../base/errors.ts';
import { Recent } from '../../base/recent.ts';
import type { Item } from '../../base/value.ts';
import type { Api } from '../../definition/api.ts';
import type { Ports, RecordIds, RecordTable } from './ports.ts';
import type { ApiRequest, RequestContext } from './request-context.ts';

/** The number of callers whose group ids one Lambda instance caches. Ids alone: nothing of what groups permit. */
const MAX_GUESSES = 1_000;

/** The part of a request that the principal depends on. */
export type Visitor = Pick<RequestContext, 'startedAt'> & {
  readonly ports: Pick<Ports, 'loadRecords'>;
  readonly call: Pick<ApiRequest, 'proxied'>;
};

/** Loads the principals of one endpoint; lives as long as the Lambda instance. */
export class PrincipalLoader {
  readonly #memo: RecordMemo;
  readonly #trustsProxies: boolean;
  readonly #guesses = new Recent<readonly string[]>(MAX_GUESSES);

  constructor(api: Api) {
    this.#memo = new RecordMemo(recordContext(api));
    this.#trustsProxies = api.auth.proxy !== undefined;
  }

  /** @throws ApiError `not_authorized`, or `unauthenticated` where a trusted proxy names nobody */
  async load(visitor: Visitor, identity: Identity): Promise<Principal> {
    const records = new Records(visitor.ports);
    const opened = await this.#open(visitor, identity, records);
    await records.ask({ auth: [], groups: opened.groupIds });
    return merge(opened, records.items.groups, this.#memo);
  }

  /** Opens the records of the caller, or of the person that a trusted proxy names. */
  async #open({ call, startedAt }: Visitor, identity: Identity, records: Records): Promise<OpenedRecords> {
    const open = (who: Identity) => openRecords(who, records.items.auth, this.#memo, startedAt / 1e6);
    const person = this.#trustsProxies ? call.proxied : undefined;
    const key = keyOf(identity);
    const passing = person ? keyOf(identity, person) : undefined;
    // Anybody can send a proxy's headers: prefetch the person's records only if this key was a proxy for them last time.
    const guess = passing === undefined ? undefined : this.#guesses.get(passing);
    const early = guess && person ? recordIds(person) : [];
    await records.ask({ auth: [...recordIds(identity), ...early], groups: guess ?? this.#guesses.get(key) ?? [] });
    const opened = open(identity);
    if (!this.#trustsProxies || !opened.own?.oidcProxy) {
      if (passing !== undefined) this.#guesses.delete(passing);
      return this.#remember(key, opened);
    }
    if (!person || passing === undefined)
      throw new ApiError('unauthenticated', undefined, [], 'a trusted proxy named nobody, or not one alone');
    await records.ask({ auth: recordIds(person), groups: [] });
    return this.#remember(passing, open(person));
  }

  #remember(key: string, opened: OpenedRecords): OpenedRecords {
    this.#guesses.set(key, opened.groupIds);
    return opened;
  }
}

/** The cache key of a guess: the identities, which determine the auth records that are read. */
function keyOf(...identities: readonly Identity[]): string {
  const parts = identities.map((identity) => {
    const [own, ...groups] = recordIds(identity);
    return [identity.kind, own, ...groups.sort()];
  });
  return JSON.stringify(parts);
}

/** The records that one request has read; each is requested once. */
class Records {
  readonly items: Readonly<Record<RecordTable, Item[]>> = { auth: [], groups: [] };
  readonly #asked = { auth: new Set<string>(), groups: new Set<string>() };
  readonly #ports: Visitor['ports'];

  constructor(ports: Visitor['ports']) {
    this.#ports = ports;
  }

  /** Reads the records that were not requested yet, in one call; makes no call if there are none. */
  async ask(ids: RecordIds): Promise<void> {
    const fresh = (table: RecordTable) => ids[table].filter((id) => !this.#asked[table].has(id));
    const missing = { auth: fresh('auth'), groups: fresh('groups') };
    if (missing.auth.length + missing.groups.length === 0) return;
    const found = await this.#ports.loadRecords(missing);
    for (const table of ['auth', 'groups'] as const) {
      for (const id of missing[table]) this.#asked[table].add(id);
      this.items[table].push(...found[table]);
    }
  }
}
