// The changes of one item in the order in which they were committed. Rows are sorted by the time at which a change was
// decided, and the clocks of writers differ a little; but each change was pinned to the item it found, so that the image
// it left is the image that the next one found.

import { itemBytes } from '../base/item-size.ts';
import { type Item, itemOf } from '../base/value.ts';
import { valueKey } from '../condition/value-key.ts';
import type { Digest } from './row.ts';
import type { WholeImages } from './whole-images.ts';

/** A change by its row's time and its images. */
export type Change = { readonly time: string; readonly whole: WholeImages };

/** Writers whose clocks are farther apart than this are not put right. */
const SKEW_MILLISECONDS = 1_000;
/** What is put in order at once is held in memory at once, and read again by each page that ends in it. */
const MAX_CLUSTER = 500;
const MAX_CLUSTER_BYTES = 16 * 1024 * 1024;
/** Of a digest in hexadecimal: 128 bits. */
const DIGEST_CHARACTERS = 32;
const ABSENT = 'absent';

/** Changes that were put in order together. */
export type Cluster<T> = {
  /** By its row the newest: where the cluster begins. */
  readonly first: T;
  /** The image that the next newer change found, as a digest; undefined: there is none. */
  readonly found: string | undefined;
  /** Newest first. */
  readonly changes: readonly T[];
};

/** Whether an older change is so near in time that the two may have been committed the other way round. */
function isNear(newer: Change, olderTime: string): boolean {
  return Date.parse(newer.time) - Date.parse(olderTime) <= SKEW_MILLISECONDS;
}

/** Takes changes newest first, one by one, and gives them on as soon as no later one can come before them. */
export class CommitOrder<T extends Change> {
  readonly #digest: Digest;
  #cluster: T[] = [];
  #bytes = 0;
  #found: string | undefined;

  /** @param found what the next newer change found, where others were given on before */
  constructor(digest: Digest, found?: string) {
    this.#digest = digest;
    this.#found = found;
  }

  /** The changes that are in order once the next row is known by its time; often none. */
  settle(time: string): Cluster<T> | undefined {
    const last = this.#cluster.at(-1);
    const isFull = this.#cluster.length >= MAX_CLUSTER || this.#bytes >= MAX_CLUSTER_BYTES;
    return last && (isFull || !isNear(last, time)) ? this.flush() : undefined;
  }

  /** Takes the next change, whose time is settled. */
  add(change: T): void {
    this.#cluster.push(change);
    this.#bytes += imageBytes(change);
  }

  /** What the last change that was given on found. */
  get found(): string | undefined {
    return this.#found;
  }

  /** What was not given on. */
  get rest(): Cluster<T> | undefined {
    const [first] = this.#cluster;
    return first && { first, found: this.#found, changes: this.#cluster };
  }

  /** What is left, in order. */
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

/** The images of a change as texts that are equal where the images are. */
type Link<T> = { readonly change: T; readonly found: string; readonly left: string };

/** The order by time, unless another has fewer breaks: others than this API may have written in between. */
function inOrder<T>(links: readonly Link<T>[], found: string | undefined): readonly Link<T>[] {
  const chained = chain(links, found);
  return breaks(chained, found) < breaks(links, found) ? chained : links;
}

/** How many changes, newest first, did not leave what the next newer one found. The first counts where none is newer. */
function breaks(links: readonly Link<unknown>[], found: string | undefined): number {
  let count = 0;
  let wanted = found;
  for (const { found: next, left } of links) {
    if (left !== wanted) count += 1;
    wanted = next;
  }
  return count;
}

/** From the newest back: each time the newest of those that left what was found. */
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

/** The newest that left an image more often left than found: nothing came after it. */
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
