// Puts the changes of one item into the order in which they were committed. Rows are sorted by the time at which a change was
// decided, and the clocks of writers differ a little; but the optimistic lock of a change holds only for the item it was decided
// on, so that the image after one change is the image before the next.

import { itemBytes } from '../base/item-size.ts';
import { type Item, itemOf } from '../base/value.ts';
import { valueKey } from '../condition/value-key.ts';
import type { Digest } from './row.ts';
import type { WholeImages } from './whole-images.ts';

/** A change: the time of its row, and its images. */
export type Change = { readonly time: string; readonly whole: WholeImages };

/** The most by which the clocks of two writers may differ. */
const SKEW_MILLISECONDS = 1_000;
/** The most changes of a cluster, which is in memory as a whole, and read again by each page that ends in it. */
const MAX_CLUSTER = 500;
const MAX_CLUSTER_BYTES = 16 * 1024 * 1024;
/** The hexadecimal digits of a digest that are compared: 128 bits. */
const DIGEST_CHARACTERS = 32;
const ABSENT = 'absent';

/** Changes that are put in order together. */
export type Cluster<T> = {
  /** The change whose row is the newest, with which the cluster begins. */
  readonly first: T;
  /** The digest of the image before the next newer change; `undefined` if there is no newer change. */
  readonly found: string | undefined;
  /** The changes, newest first. */
  readonly changes: readonly T[];
};

/** True if an older change is so near in time that the two may have been committed in the other order. */
function isNear(newer: Change, olderTime: string): boolean {
  return Date.parse(newer.time) - Date.parse(olderTime) <= SKEW_MILLISECONDS;
}

/** Takes changes newest first, one by one, and returns a cluster once no further change can come before it. */
export class CommitOrder<T extends Change> {
  readonly #digest: Digest;
  #cluster: T[] = [];
  #bytes = 0;
  #found: string | undefined;

  /** @param found the digest of the image before the next newer change. @default there is no newer change */
  constructor(digest: Digest, found?: string) {
    this.#digest = digest;
    this.#found = found;
  }

  /** Returns the cluster that is complete before a row of this time; `undefined` if none is. */
  settle(time: string): Cluster<T> | undefined {
    const last = this.#cluster.at(-1);
    const isFull = this.#cluster.length >= MAX_CLUSTER || this.#bytes >= MAX_CLUSTER_BYTES;
    return last && (isFull || !isNear(last, time)) ? this.flush() : undefined;
  }

  /** Adds the next change, after `settle` was called with its time. */
  add(change: T): void {
    this.#cluster.push(change);
    this.#bytes += imageBytes(change);
  }

  /** The digest of the image before the last change returned; `undefined` if none was. */
  get found(): string | undefined {
    return this.#found;
  }

  /** The cluster of the changes not yet returned, in the order of their rows; `undefined` if there are none. */
  get rest(): Cluster<T> | undefined {
    const [first] = this.#cluster;
    return first && { first, found: this.#found, changes: this.#cluster };
  }

  /** Returns the changes that are left, in order; `undefined` if there are none. */
  flush(): Cluster<T> | undefined {
    const { rest } = this;
    if (!rest) return undefined;
    this.#cluster = [];
    this.#bytes = 0;
    const ordered = inOrder(
      rest.changes.map((change) => this.#link(change)),
      rest.found,
    );
    this.#found = (ordered.at(-1) as Link<T>).found;
    return { ...rest, changes: ordered.map(({ change }) => change) };
  }

  #link(change: T): Link<T> {
    const key = (image: Item | undefined) =>
      image ? this.#digest(valueKey({ M: image })).slice(0, DIGEST_CHARACTERS) : ABSENT;
    return { change, found: key(change.whole.before), left: key(change.whole.after) };
  }
}

function imageBytes({ whole }: Change): number {
  return itemBytes(whole.before ?? itemOf([])) + itemBytes(whole.after ?? itemOf([]));
}

/** A change with the digests of its images: `found` is the image before it, `left` the image after it. */
type Link<T> = { readonly change: T; readonly found: string; readonly left: string };

/** Returns the order by time, unless the chain has fewer breaks. Writers other than this API may have broken it. */
function inOrder<T>(links: readonly Link<T>[], found: string | undefined): readonly Link<T>[] {
  const chained = chain(links, found);
  return breaks(chained, found) < breaks(links, found) ? chained : links;
}

/** Counts the changes, newest first, whose `left` is not the `found` of the next newer one; also the first if none is newer. */
function breaks(links: readonly Link<unknown>[], found: string | undefined): number {
  let count = 0;
  let wanted = found;
  for (const { found: next, left } of links) {
    if (left !== wanted) count += 1;
    wanted = next;
  }
  return count;
}

/** Chains changes from the newest back: the next one is the newest whose `left` is the `found` of the one before. */
function chain<T>(links: readonly Link<T>[], found: string | undefined): readonly Link<T>[] {
  const rest = [...links];
  const ordered: Link<T>[] = [];
  let wanted = found;
  while (rest.length > 0) {
    const next = rest.findIndex(({ left }) => left === wanted);
    const [link] = rest.splice(next >= 0 ? next : lastOf(rest), 1) as [Link<T>];
    ordered.push(link);
    wanted = link.found;
  }
  return ordered;
}

/** Returns the index of the newest change whose image is more often left than found: no change follows it. */
function lastOf(links: readonly Link<unknown>[]): number {
  const surplus = new Map<string, number>();
  for (const { found, left } of links) {
    surplus.set(left, (surplus.get(left) ?? 0) + 1);
    surplus.set(found, (surplus.get(found) ?? 0) - 1);
  }
  return Math.max(
    0,
    links.findIndex(({ left }) => (surplus.get(left) ?? 0) > 0),
  );
}
