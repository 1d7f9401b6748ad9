// The versions of one item, newest first, from the audit rows of its changes: each version is the image a change left.

import type { FieldSet } from '../access/field-set.ts';
import { prune } from '../access/prune.ts';
import { attribute, type Item, itemOf, type Value } from '../base/value.ts';
import { CommitOrder } from './commit-order.ts';
import { type AuditRecord, type AuditViewer, type OpenedRow, textOf } from './visible.ts';

type Opened = OpenedRow & { readonly time: string };

/** Takes the rows of one item newest first, and gives the versions that the caller may see. */
export class History {
  readonly #viewer: AuditViewer;
  readonly #hidden: FieldSet;
  readonly #order = new CommitOrder<Opened>();

  /** @param hidden the hidden paths of the item's table */
  constructor(viewer: AuditViewer, hidden: FieldSet) {
    this.#viewer = viewer;
    this.#hidden = hidden;
  }

  /** The versions that are known once this row is. */
  add(record: AuditRecord): readonly Item[] {
    const opened = this.#viewer.open(record);
    const time = opened && textOf(opened.row, 'time');
    if (!opened || time === undefined || textOf(opened.row, 'outcome') !== 'ok') return [];
    const { before, after } = opened.whole;
    return before || after ? this.#versions(this.#order.add({ ...opened, time })) : [];
  }

  /** The versions that are left. */
  end(): readonly Item[] {
    return this.#versions(this.#order.flush());
  }

  #versions(changes: readonly Opened[]): readonly Item[] {
    return changes.map((change) => this.#version(change)).filter((version) => version !== undefined);
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
