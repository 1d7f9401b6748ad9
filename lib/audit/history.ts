// Makes the versions of one item, newest first, from the audit rows of its changes: a version is the image after a change.
//
// Changes are put in order a cluster at a time (commit-order.ts), so that a page can only go on where a cluster begins: the
// cluster is read and ordered again, and the versions already returned are left out.

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

/** The place from which a history goes on: at the first row of a cluster, or after one. Cursors have it as plain data. */
export type HistoryPlace = Key & {
  readonly isIncluded?: boolean;
  /** The id of the last change returned of the cluster that begins here; `undefined` if none was. */
  readonly given?: string | undefined;
  /** The digest of the image before the next newer change; `undefined` if there is no newer change. */
  readonly found?: string | undefined;
};

/** A version that the caller may see. `place` is the place to go on from if the version does not fit into the page. */
export type Version = { readonly item: Item; readonly place: HistoryPlace };

/** Takes the rows of one item newest first, and returns the versions that the caller may see. */
export class History {
  readonly #viewer: AuditViewer;
  readonly #hidden: FieldSet;
  readonly #order: CommitOrder<Opened>;
  readonly #start: HistoryPlace | undefined;
  #given: string | undefined;

  /**
   * @param hidden the hidden paths of the item's table
   * @param start the place where the rows begin; `undefined` if with the newest
   */
  constructor(viewer: AuditViewer, hidden: FieldSet, digest: Digest, start: HistoryPlace | undefined) {
    this.#viewer = viewer;
    this.#hidden = hidden;
    this.#order = new CommitOrder(digest, start?.found);
    this.#start = start;
    this.#given = start?.given;
  }

  /** Adds a row, and returns the versions that are complete with it. */
  add(record: AuditRecord): readonly Version[] {
    const [first] = record;
    const time = first && textOf(first, 'time');
    const id = first && textOf(first, 'id');
    if (time === undefined || id === undefined) return [];
    // Settle by any row, change or not: rows come newest first, so its time bounds all later ones.
    const versions = this.#versions(this.#order.settle(time));
    const opened = this.#viewer.open(record);
    if (opened && textOf(opened.row, 'outcome') === 'ok' && (opened.whole.before || opened.whole.after)) {
      this.#order.add({ ...opened, time, id });
    }
    return versions;
  }

  /** Returns the versions that are left when all rows are added. */
  end(): readonly Version[] {
    return this.#versions(this.#order.flush());
  }

  /**
   * Returns the place to go on from if reading stops early.
   * @param behind the key of the last row added
   * @throws ApiError `too_costly` if all rows read were less than one cluster: the next request would get no farther
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

  /** Returns a change as a version; `undefined` if the caller may not see its image, of a deletion the deleted one. */
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
