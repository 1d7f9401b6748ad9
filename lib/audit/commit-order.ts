// The changes of one item in the order in which they were committed. Rows are sorted by the time at which a change was
// decided, and the clocks of writers differ a little; but each change was pinned to the item it found, so that the image
// it left is the image that the next one found.

import type { Item } from '../base/value.ts';
import { valueKey } from '../condition/value-key.ts';
import type { WholeImages } from './whole-images.ts';

/** A change by its row's time and its images. */
export type Change = { readonly time: string; readonly whole: WholeImages };

/** Writers whose clocks are farther apart than this are not put right. */
const SKEW_MILLISECONDS = 1_000;
const MAX_CLUSTER = 500;

/** Whether an older change is so near in time that the two may have been committed the other way round. */
function isNear(newer: Change, older: Change): boolean {
  return Date.parse(newer.time) - Date.parse(older.time) <= SKEW_MILLISECONDS;
}

/** Takes changes newest first, one by one, and gives them on as soon as no later one can come before them. */
export class CommitOrder<T extends Change> {
  #cluster: T[] = [];
  #found: string | undefined;

  /** The changes that are now in order, newest first; often none. */
  add(change: T): readonly T[] {
    const last = this.#cluster.at(-1);
    const isSettled = last !== undefined && (!isNear(last, change) || this.#cluster.length >= MAX_CLUSTER);
    const settled = isSettled ? this.flush() : [];
    this.#cluster.push(change);
    return settled;
  }

  /** What is left, in order. */
  flush(): readonly T[] {
    const links = this.#cluster.map(linkOf);
    this.#cluster = [];
    const ordered = inOrder(links, this.#found);
    this.#found = ordered.at(-1)?.found ?? this.#found;
    return ordered.map(({ change }) => change);
  }
}

/** The images of a change as texts that are equal where the images are; `absent` where there was no item. */
type Link<T> = { readonly change: T; readonly found: string; readonly left: string };

function linkOf<T extends Change>(change: T): Link<T> {
  const key = (image: Item | undefined) => (image ? valueKey({ M: image }) : 'absent');
  return { change, found: key(change.whole.before), left: key(change.whole.after) };
}

/** The order by time, unless another has fewer breaks: others than this API may have written in between. */
function inOrder<T>(links: readonly Link<T>[], found: string | undefined): readonly Link<T>[] {
  const inTime = breaks(links, found);
  if (inTime === 0) return links;
  const chained = chain(links, found);
  return breaks(chained, found) < inTime ? chained : links;
}

/** How many changes, newest first, did not leave what the next newer one found. */
function breaks(links: readonly Link<unknown>[], found: string | undefined): number {
  let count = 0;
  let wanted = found;
  for (const { found: next, left } of links) {
    if (wanted !== undefined && left !== wanted) count += 1;
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
