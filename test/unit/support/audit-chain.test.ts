// The checker of table and audit, tried on planted violations.

import { expect, it } from 'vitest';
import type { Item } from '../../../lib/base/value.ts';
import { tornParts } from '../../support/audit-chain.ts';
import { item } from '../../support/values.ts';

const at = (version: number, more: object = {}) => ({ id: 'a', _v: version, ...more });

/** An audit row of a change, as the audit table holds it. */
function row(action: string, images: { before?: object; after?: object; added?: string[] }): Item {
  return item({ action, outcome: 'ok', request_id: 'r', resource: { table: 'items', key: { id: 'a' } }, ...images });
}

const CREATED = row('CREATE', { after: at(5, { n: 1 }) });
const UPDATED = row('UPDATE', { after: at(6, { n: 2, m: 1 }), before: { _v: 5, n: 1 }, added: ['m'] });
const DELETED = row('DELETE', { before: at(6, { n: 2, m: 1 }) });
const AGAIN = row('CREATE', { after: at(3) });
const READ = item({ action: 'GET', outcome: 'ok', resource: { table: 'items', key: { id: 'a' } } });

it.each<[string, object[], Item[]]>([
  ['nothing', [], []],
  ['a new item', [at(5, { n: 1 })], [CREATED, READ]],
  ['a changed one, whatever the order of rows', [at(6, { n: 2, m: 1 })], [UPDATED, CREATED]],
  ['a deleted one', [], [CREATED, UPDATED, DELETED]],
  ['one that lives again', [at(3)], [CREATED, UPDATED, DELETED, AGAIN]],
])('takes %s', (_, items, rows) => {
  expect(
    tornParts(
      items.map((each) => item({ ...each })),
      rows,
    ),
  ).toEqual([]);
});

it.each<[string, object[], Item[]]>([
  ['an item without an audit row', [at(5)], []],
  ['an audit row without its item', [], [CREATED]],
  ['another value in the table', [at(5, { n: 2 })], [CREATED]],
  ['a change that is missing in the audit', [at(6, { n: 2, m: 1 })], [CREATED]],
  ['a change that is missing in the table', [at(5, { n: 1 })], [CREATED, UPDATED]],
  ['a change of what was not there', [at(6, { n: 2, m: 1 })], [UPDATED]],
  ['two changes of one version', [at(6, { n: 2, m: 1 })], [CREATED, UPDATED, UPDATED]],
  ['two creations without a deletion', [at(5, { n: 1 })], [CREATED, AGAIN]],
  ['a deletion that did not delete', [at(6, { n: 2, m: 1 })], [CREATED, UPDATED, DELETED]],
  ['a deletion without its row', [], [CREATED, UPDATED]],
])('finds %s', (_, items, rows) => {
  expect(
    tornParts(
      items.map((each) => item({ ...each })),
      rows,
    ),
  ).not.toEqual([]);
});

it('begins with items that were there before', () => {
  const seeded = [item(at(5, { n: 1 }))];
  expect(tornParts([item(at(6, { n: 2, m: 1 }))], [UPDATED], seeded)).toEqual([]);
  expect(tornParts([], [UPDATED], seeded)).not.toEqual([]);
});
