// The versions of one item, newest first, from the audit rows of its changes: each version is the image a change left.
//
// Changes are put in order a cluster at a time (commit-order.ts), so that a history can only go on where a cluster begins: it
// is read and ordered again, and what was given of it is left out.

import type { FieldSet } from '../access/field-set.ts';
import { prune } from '../access/prune.ts';
import { ApiError } from '../base/errors.ts';
import { attribute, type Item, itemOf, textOf, type Value } from '../base/value.ts';
import { type Cluster, CommitOrder } from './commit-order.ts';
import type { Digest } from './row.ts';
import type { AuditRecord, AuditViewer, OpenedRow } from './visible.ts';

const CLUSTER_TOO_LARGE = 'reading on costs more than one request may; narrow time__between';

type Key = { readonly time: string; readonly id: string };
type Opened = OpenedRow & Key;

/** Where a history goes on: at the row with which a cluster begins, or behind one. Plain data: it stands in cursors. */
export type HistoryPlace = Key & {
  readonly isIncluded?: boolean;
  /** Of the cluster that begins here, the id of the last change that was given; undefined: none was. */
  readonly given?: string | undefined;
  /** What the change before it found; undefined: there was none. */
  readonly found?: string | undefined;
};

/** A version that the caller may see. `place` is where to go on if it is not taken. */
export type Version = { readonly item: Item; readonly place: HistoryPlace };

/** Takes the rows of one item newest first, and gives the versions that the caller may see. */
export class History {
  readonly #viewer: AuditViewer;
  readonly #hidden: FieldSet;
  readonly #order: CommitOrder<Opened>;
  readonly #start: HistoryPlace | undefined;
  #given: string | undefined;

  /**
   * @param hidden the hidden paths of the item's table
   * @param start where the rows begin; undefined: with the newest
   */
  constructor(viewer: AuditViewer, hidden: FieldSet, digest: Digest, start: HistoryPlace | undefined) {
    this.#viewer = viewer;
    this.#hidden = hidden;
    this.#order = new CommitOrder(digest, start?.found);
    this.#start = start;
    this.#given = start?.given;
  }

  /** The versions that are known once this row is. */
  add(record: AuditRecord): readonly Version[] {
    const [first] = record;
    const time = first && textOf(first, 'time');
    const id = first && textOf(first, 'id');
    if (time === undefined || id === undefined) return [];
    // Also a row that is no change of this history says that no later one can come before those that are far from it.
    const versions = this.#versions(this.#order.settle(time));
    const opened = this.#viewer.open(record);
    if (opened && textOf(opened.row, 'outcome') === 'ok' && (opened.whole.before || opened.whole.after)) {
      this.#order.add({ ...opened, time, id });
    }
    return versions;
  }

  /** The versions that are left. */
  end(): readonly Version[] {
    return this.#versions(this.#order.flush());
  }

  /**
   * Where to go on when no more rows are read.
   * @param behind the rows that were added
   * @throws ApiError `too_costly` where a whole reading brought less than one cluster: the next one would get no farther
   */
  placeBehind(behind: Key): HistoryPlace {
    const { rest, found } = this.#order;
    if (!rest) return { ...behind, found };
    if (rest.first.id === this.#start?.id) throw new ApiError('too_costly', CLUSTER_TOO_LARGE);
    return placeIn(rest, this.#given);
  }

  #versions(cluster: Cluster<Opened> | undefined): readonly Version[] {
    if (!cluster) return [];
    const { changes } = cluster;
    const start = changes.findIndex(({ id }) => id === this.#given) + 1;
    this.#given = undefined;
    return changes.slice(start).flatMap((change, at) => {
      const item = this.#version(change);
      return item ? [{ item, place: placeIn(cluster, changes[start + at - 1]?.id) }] : [];
    });
  }

  /** A deletion is shown to who may see what it deleted. */
  #version(change: Opened): Item | undefined {
    const { whole, table, row } = change;
    if (!this.#viewer.sees(table, whole.after ?? whole.before)) return undefined;
    const data: Value = whole.after ? { M: prune(whole.after, this.#hidden) } : { NULL: true };
    return itemOf([
      ['time', { S: change.time }],
      ['action', attribute(row, 'action') ?? { S: '' }],
      ['user', this.#viewer.user(change)],
      ['data', data],
    ]);
  }
}

function placeIn({ first, found }: Cluster<Opened>, given: string | undefined): HistoryPlace {
  return { time: first.time, id: first.id, isIncluded: true, found, given };
}
