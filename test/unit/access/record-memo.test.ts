// What was parsed before is given again for a record that is written alike, and for no other.

import { describe, expect, it } from 'vitest';
import { RecordMemo } from '../../../lib/access/record-memo.ts';
import { type Permissions, parseAuthRecord } from '../../../lib/access/records.ts';
import { CONTEXT, EVERYTHING, keyRecord } from '../../support/access.ts';
import { item } from '../../support/values.ts';

type Plain = Readonly<Record<string, unknown>>;

const soundOf = <T>(parsed: { value: T } | { faults: unknown }): T => {
  if ('value' in parsed) return parsed.value;
  throw new Error(JSON.stringify(parsed.faults));
};
/** Comparable: patterns are functions. */
const shown = <T extends Pick<Permissions, 'endpoints'>>(record: T) => ({
  ...record,
  endpoints: record.endpoints.map(({ method, endpoint }) => `${method} ${endpoint}`),
});

const memo = () => {
  const kept = new RecordMemo(CONTEXT);
  return {
    auth: (plain: Plain) => kept.auth(String(plain['id']), item(plain)),
    group: (plain: Plain) => kept.group(String(plain['group_id']), item(plain)),
    grant: kept.grant.bind(kept),
  };
};
const RECORD = keyRecord({
  groups: ['g'],
  filter_fields: [{ field: 'a', value: 'x' }],
  read_filters: [{ any: [{ field: 'a', value: ['x', 'y'] }] }],
  exclude_fields: ['b.c'],
  x_note: 'mine',
});

describe('a record that is written as before', () => {
  it('is not parsed again', () => {
    const { auth, group } = memo();
    expect(auth(RECORD)).toBe(auth({ ...RECORD }));
    expect(shown(soundOf(auth(RECORD)))).toEqual(shown(soundOf(parseAuthRecord(item(RECORD), CONTEXT))));
    const g = { group_id: 'g', permitted_endpoints: EVERYTHING };
    expect(group(g)).toBe(group({ ...g }));
  });

  it('is one record in each table', () => {
    const { auth, group } = memo();
    const named = { permitted_endpoints: EVERYTHING };
    auth(keyRecord({ id: 'same' }));
    expect(group({ group_id: 'same', ...named })).toHaveProperty('value');
    expect(group({ group_id: 'same', id: 'same', ...named })).toHaveProperty('faults');
  });
});

describe('a record that is written otherwise', () => {
  it.each<[string, Plain]>([
    ['disabled', { disabled: true }],
    ['with an expiry', { expires_at: 1 }],
    ['with another group', { groups: ['h'] }],
    ['without groups', { groups: [] }],
    ['with another endpoint', { permitted_endpoints: [{ method: 'GET', endpoint: '.*' }] }],
    ['with another value deep in a filter', { read_filters: [{ any: [{ field: 'a', value: ['x', 'z'] }] }] }],
    ['with a value of another type', { filter_fields: [{ field: 'a', value: 1 }] }],
    ['with one exclusion less', { exclude_fields: [] }],
    ['with another list of updates', { update_fields_permitted: [] }],
    ['of another kind', { type: 'USERNAME' }],
    ['with another note', { x_note: 'yours' }],
  ])('is parsed: %s', (_, change) => {
    const { auth } = memo();
    const before = soundOf(auth(RECORD));
    const plain = { ...RECORD, ...change };
    const after = soundOf(auth(plain));
    expect(after).not.toBe(before);
    expect(shown(after)).toEqual(shown(soundOf(parseAuthRecord(item(plain), CONTEXT))));
    expect(shown(soundOf(auth(RECORD)))).toEqual(shown(before));
  });

  it('is refused where it is broken, each time, and let in once it is mended', () => {
    const { auth, group } = memo();
    const sound = soundOf(auth(RECORD));
    const group0 = group({ group_id: 'g' });
    for (let i = 0; i < 3; i += 1) {
      expect(auth({ ...RECORD, exclude_field: [] })).toHaveProperty('faults');
      expect(auth({ ...RECORD, exclude_field: [] })).not.toBe(auth({ ...RECORD, exclude_field: [] }));
      expect(group({ group_id: 'g', filters: [] })).toHaveProperty('faults');
    }
    expect(shown(soundOf(auth(RECORD)))).toEqual(shown(sound));
    expect(group({ group_id: 'g' })).toEqual(group0);
  });
});

describe('what is kept', () => {
  it('is bounded: the records that were used last', () => {
    const { group } = memo();
    const named = (i: number) => ({ group_id: `g${i}` });
    const first = group(named(0));
    for (let i = 1; i < 250; i += 1) group(named(i));
    expect(group(named(0))).toBe(first);
    const second = group(named(1));
    for (let i = 250; i < 499; i += 1) group(named(i));
    expect(group(named(1))).toBe(second);
    expect(group(named(0))).not.toBe(first);
  });

  it('is no record of more than 16384 bytes', () => {
    const { group } = memo();
    // Names and texts of 19 bytes, and the note.
    const large = (bytes: number) => ({ group_id: 'large', x_note: 'x'.repeat(bytes - 19) });
    expect(group(large(16_384))).toBe(group(large(16_384)));
    expect(group(large(16_385))).not.toBe(group(large(16_385)));
  });

  it('is a grant for the very records and groups that it is of', () => {
    const { auth, group, grant } = memo();
    const record = soundOf(auth(RECORD));
    const groups = ['g', 'h'].map((group_id) => soundOf(group({ group_id, exclude_fields: [group_id] })));
    const whole = grant(record, groups);
    expect(grant(record, [...groups])).toBe(whole);
    expect(grant(record, groups.slice(1)).hidden.paths).toEqual([['b', 'c'], ['h']]);
    expect(grant(record, groups).hidden.paths).toEqual([['b', 'c'], ['g'], ['h']]);
    expect(grant(record, groups.slice(0, 1)).hidden.paths).toEqual([['b', 'c'], ['g']]);
    const [g, h] = groups as [(typeof groups)[0], (typeof groups)[0]];
    const changed = soundOf(group({ group_id: 'h', exclude_fields: ['i'] }));
    expect(grant(record, [g, changed]).hidden.paths).toEqual([['b', 'c'], ['g'], ['i']]);
    expect(grant(record, [g, h]).hidden.paths).toEqual([['b', 'c'], ['g'], ['h']]);
  });
});
