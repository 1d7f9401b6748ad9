// The audit rows that the loaded items would have left: one of each item's creation, and a longer trail of one of them.

import { createHash } from 'node:crypto';
import { auditRows } from '../lib/audit/row.ts';
import { type Item, itemOf, withAttributes } from '../lib/base/value.ts';
import type { Table } from '../lib/definition/table.ts';
import { CALLERS, idOf, row } from './rows.ts';

/** The item whose history and audit are read. */
export const WATCHED = 50;
/** How often it was changed. */
const CHANGES = 9;
const STEP_MS = 61_000;
const BEGINNING = Date.UTC(2026, 0, 1);

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The rows of the `at`th creation. */
export function creationRows(table: Table, at: number): readonly Item[] {
  return rowsOf(table, { at, change: 0, action: 'CREATE', after: row(at) });
}

export function watchedRows(table: Table): readonly Item[] {
  const version = (change: number): Item => withAttributes(row(WATCHED), itemOf([['quantity', { N: String(change) }]]));
  return Array.from({ length: CHANGES }, (_, at) => at + 1).flatMap((change) =>
    rowsOf(table, { at: WATCHED, change, action: 'UPDATE', before: version(change - 1), after: version(change) }),
  );
}

type Change = {
  readonly at: number;
  readonly change: number;
  readonly action: 'CREATE' | 'UPDATE';
  readonly before?: Item;
  readonly after: Item;
};

function rowsOf(table: Table, { at, change, action, ...images }: Change): readonly Item[] {
  const key = itemOf([['id', { S: idOf(at) }]]);
  const seconds = new Date(BEGINNING + (at + change) * STEP_MS).toISOString().slice(0, 19);
  const number = String(at * (CHANGES + 1) + change).padStart(12, '0');
  const isCreate = action === 'CREATE';
  return auditRows(
    {
      ...images,
      time: `${seconds}.000000Z`,
      id: `01980000-0000-7000-8000-${number}`,
      requestId: `request-${number}`,
      action,
      outcome: 'ok',
      user: { id: CALLERS.open, type: 'API_KEY', username: CALLERS.open, sourceIp: '192.0.2.1' },
      method: isCreate ? 'POST' : 'PUT',
      route: isCreate ? '/item' : '/item/{id}',
      pathParameters: new Map(isCreate ? [] : [['id', idOf(at)]]),
      query: [],
      resource: { table, key },
      sensitive: [],
    },
    digest,
  );
}
