// docs/reference/audit.md, "History": the versions of one item, newest first, and where a history goes on.

import { describe, expect, it } from 'vitest';
import { AuditPolicy } from '../../../lib/access/audit-policy.ts';
import { FieldSet } from '../../../lib/access/field-set.ts';
import { Permission } from '../../../lib/access/permission.ts';
import { History, type HistoryPlace } from '../../../lib/audit/history.ts';
import { type AuditEvent, auditRows } from '../../../lib/audit/row.ts';
import { AuditViewer } from '../../../lib/audit/visible.ts';
import { toPlainItem } from '../../../lib/base/plain.ts';
import { type Item, itemOf, withAttributes } from '../../../lib/base/value.ts';
import { table } from '../../../lib/definition/table.ts';
import { KEY, keyRecord, NOW, principalOf } from '../../support/access.ts';
import { EVENT as READ } from '../../support/audit-event.ts';
import { item } from '../../support/values.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const before = item({ id: 'a', status: 'new', x: 1, gone: true });
const after = item({ id: 'a', status: 'new', x: 2, fresh: true });
const EVENT: AuditEvent = {
  ...READ,
  action: 'UPDATE',
  user: { id: 'key-2', type: 'API_KEY', username: 'joe', email: 'joe@example.com' },
  resource: { table: items, key: item({ id: 'a' }) },
  before,
  after,
};
const digest = () => 'f'.repeat(64);
const recordOf = (event: Partial<AuditEvent> = {}) => auditRows({ ...EVENT, ...event }, digest);
const status = (value: string) => ({ read_filters: [{ field: 'status', value }] });

function historyOf(permissions: object = {}, start?: HistoryPlace): History {
  const principal = principalOf(KEY, { auth: [keyRecord({ ...permissions })] });
  const policy = AuditPolicy.of(Permission.decide(principal, 'GET', '/history'), [items], NOW * 1000);
  return new History(new AuditViewer(policy, NOW), FieldSet.of([['cost']]), digest, start);
}

describe('the versions of an item', () => {
  function versions(permissions: object, ...events: Partial<AuditEvent>[]) {
    const history = historyOf(permissions);
    const found = events.flatMap((event) => history.add(recordOf(event)));
    return [...found, ...history.end()].map((version) => toPlainItem(version.item));
  }

  it('are what each change left, newest first, without hidden paths', () => {
    const created = { action: 'CREATE', before: undefined, after: before, time: '2026-01-01T00:00:00.000000Z' };
    const later = {
      after: item({ id: 'a', cost: 5, status: 'new' }),
      before: after,
      time: '2026-01-02T00:00:00.000000Z',
    };
    expect(versions({}, later, {}, created)).toEqual([
      {
        time: later.time,
        action: 'UPDATE',
        user: expect.objectContaining({ email: 'joe@example.com' }),
        data: { id: 'a', status: 'new' },
      },
      { time: EVENT.time, action: 'UPDATE', user: expect.anything(), data: toPlainItem(after) },
      { time: created.time, action: 'CREATE', user: expect.anything(), data: toPlainItem(before) },
    ]);
  });

  it('end with a deletion, which has no data', () => {
    expect(versions({}, { action: 'DELETE', after: undefined })).toMatchObject([{ action: 'DELETE', data: null }]);
    const history = historyOf();
    history.add(recordOf({ action: 'DELETE', after: undefined }));
    expect(history.end()[0]?.item['data']).toEqual({ NULL: true });
  });

  it('are those that the caller may read; a deletion by what it deleted', () => {
    expect(versions(status('old'), {})).toEqual([]);
    expect(versions(status('new'), {})).toMatchObject([{ user: { username: 'joe' } }]);
    expect(versions(status('new'), { after: undefined })).toHaveLength(1);
    expect(versions(status('old'), { after: undefined })).toEqual([]);
    expect(versions(status('old'), { after: item({ id: 'a', status: 'old' }) })).toHaveLength(1);
    expect(versions(status('new'), { after: item({ id: 'a', status: 'old' }) })).toEqual([]);
  });

  it('are no reads, no refusals and no expired rows', () => {
    expect(versions({}, { before: undefined, after: undefined })).toEqual([]);
    expect(versions({}, { outcome: 'denied' })).toEqual([]);
    expect(versions({}, { expireTime: NOW })).toEqual([]);
    expect(versions({ audit_filters: [{ field: 'action', value: 'DELETE' }] }, {})).toEqual([]);
  });

  it('are no rows that do not say when they were written, or which they are', () => {
    const [row] = recordOf() as [Item];
    const history = historyOf();
    history.add([row]);
    expect(history.add([])).toEqual([]);
    expect(history.add([withAttributes(row, itemOf([]), ['time'])])).toEqual([]);
    expect(history.add([withAttributes(row, itemOf([]), ['id'])])).toEqual([]);
    expect(history.end()).toHaveLength(1);
  });

  it('say nothing of what their rows do not', () => {
    const [row] = recordOf() as [Item];
    const history = historyOf();
    history.add([withAttributes(row, itemOf([]), ['action', 'user'])]);
    expect(history.end().map((version) => toPlainItem(version.item))).toEqual([
      { time: EVENT.time, action: '', user: {}, data: toPlainItem(after) },
    ]);
  });
});

const TIME = { c: '2026-01-01T00:00:03.000000Z', b: '2026-01-01T00:00:02.900000Z', a: '2026-01-01T00:00:02.800000Z' };
const OLD = '2026-01-01T00:00:01.000000Z';

/** A change of `n`, in the row of that id. */
function changed(id: string, time: string, from: number | undefined, to: number) {
  const image = (n: number) => item({ id: 'a', n });
  return recordOf({ id, time, before: from === undefined ? undefined : image(from), after: image(to) });
}

/** Three changes that are put in order together, newest first, and an older one. */
const ROWS = [
  changed('c', TIME.c, 3, 4),
  changed('b', TIME.b, 2, 3),
  changed('a', TIME.a, 1, 2),
  changed('0', OLD, undefined, 1),
];

describe('the place of a version', () => {
  function placed(start?: HistoryPlace) {
    const history = historyOf({}, start);
    const versions = [...ROWS.flatMap((row) => history.add(row)), ...history.end()];
    return versions.map((version) => [toPlainItem(version.item)['data'], version.place] as const);
  }
  const begin = { time: TIME.c, id: 'c', isIncluded: true };
  const old = { time: OLD, id: '0', isIncluded: true, found: 'f'.repeat(32), given: undefined };

  it('is the row with which its cluster begins, what was given of that, and what the change before it found', () => {
    expect(placed()).toEqual([
      [
        { id: 'a', n: 4 },
        { ...begin, found: undefined, given: undefined },
      ],
      [
        { id: 'a', n: 3 },
        { ...begin, found: undefined, given: 'c' },
      ],
      [
        { id: 'a', n: 2 },
        { ...begin, found: undefined, given: 'b' },
      ],
      [{ id: 'a', n: 1 }, old],
    ]);
  });

  it('is where the history goes on, behind what was given', () => {
    expect(placed({ ...begin, given: 'c' })).toEqual([
      [
        { id: 'a', n: 3 },
        { ...begin, found: undefined, given: 'c' },
      ],
      [
        { id: 'a', n: 2 },
        { ...begin, found: undefined, given: 'b' },
      ],
      [{ id: 'a', n: 1 }, old],
    ]);
    expect(placed({ ...begin, given: 'a' })).toEqual([[{ id: 'a', n: 1 }, old]]);
  });
});

describe('a history that is not read to its end', () => {
  const behind = { time: OLD, id: 'last' };

  it('goes on behind the last row where nothing is left to be put in order', () => {
    const history = historyOf({}, { time: TIME.c, id: 'c', found: 'what was found' });
    history.add(recordOf({ time: TIME.b, before: undefined, after: undefined }));
    expect(history.placeBehind(behind)).toEqual({ ...behind, found: 'what was found' });
  });

  it('goes on where what is not yet in order begins', () => {
    const history = historyOf();
    for (const row of ROWS) history.add(row);
    expect(history.placeBehind(behind)).toEqual({ time: OLD, id: '0', isIncluded: true, found: 'f'.repeat(32) });
    const resumed = historyOf({}, { time: TIME.c, id: 'd', given: 'x' });
    resumed.add(changed('c', TIME.c, 3, 4));
    expect(resumed.placeBehind(behind)).toEqual({ time: TIME.c, id: 'c', isIncluded: true, given: 'x' });
  });

  it('is refused for now where it would go on where it began', () => {
    const history = historyOf({}, { time: TIME.c, id: 'c', isIncluded: true });
    history.add(changed('c', TIME.c, 3, 4));
    expect(() => history.placeBehind(behind)).toThrow(
      expect.objectContaining({ code: 'too_costly', detail: expect.stringContaining('narrow time__between') }),
    );
  });
});
