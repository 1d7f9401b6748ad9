// `records check` on records in memory: every broken one is named with its path and its fix, no sound one is.

import { describe, expect, it } from 'vitest';
import api from '../../../../examples/items/api.ts';
import { merge, openRecords } from '../../../../lib/access/principal.ts';
import { RecordMemo } from '../../../../lib/access/record-memo.ts';
import { recordContext } from '../../../../lib/access/records.ts';
import { checkStored } from '../../../../lib/cli/records/records-check.ts';
import { typeChanges } from '../../../../lib/cli/records/records-fix.ts';
import { BROKEN_RECORDS, type BrokenRecord, SOUND_RECORDS } from '../../../corpus/broken-records.ts';
import { item } from '../../../support/values.ts';

const sound = { auth: SOUND_RECORDS.auth.map(item), groups: SOUND_RECORDS.groups.map(item) };

function check({ table, record }: Pick<BrokenRecord, 'table' | 'record'>, differences = true) {
  const stored = { ...sound, [table]: [...sound[table], item(record)] };
  return checkStored(stored, api, differences);
}

it('there are twenty kinds of broken record and more', () => {
  expect(BROKEN_RECORDS.filter(({ kind }) => kind === 'refused').length).toBeGreaterThanOrEqual(20);
});

it('nothing is said of sound records', () => {
  expect(checkStored(sound, api, true)).toEqual([]);
});

describe.each(BROKEN_RECORDS)('$kind: $name', (broken) => {
  const findings = check(broken);

  it('is named with its path and its fix', () => {
    const { kind, path, problem, fix, table } = broken;
    const found = findings.filter((finding) => finding.kind === kind && finding.path === path);
    expect(found, JSON.stringify(findings)).toHaveLength(1);
    expect(found[0]).toMatchObject({ table, problem: expect.stringMatching(problem), fix: expect.stringMatching(fix) });
  });

  it('alone', () => {
    const others = findings.filter(({ kind, path }) => kind !== broken.kind || path !== broken.path);
    // A group that is keyed by id has an attribute too many and one too few.
    expect(others.filter(({ path }) => path !== 'id' || broken.table !== 'groups')).toEqual([]);
  });
});

describe('what is reported as refused', () => {
  const memo = new RecordMemo(recordContext(api));
  const opens = ({ record }: BrokenRecord): boolean => {
    const id = String(record['id']);
    const identity =
      record['type'] === 'USERNAME' || record['type'] === undefined
        ? ({ kind: 'oidc', username: id, groups: [], isOverflowing: false, claims: new Map() } as const)
        : ({ kind: 'api_key', id } as const);
    try {
      merge(openRecords(identity, [item(record)], memo, 0), sound.groups, memo);
      return true;
    } catch {
      return false;
    }
  };
  const records = BROKEN_RECORDS.filter(
    ({ table, onlyJson, name }) => table === 'auth' && !onlyJson && !/person/.test(name),
  );

  it.each(records)('is what the API refuses: $kind, $name', (broken) => {
    expect(opens(broken)).toBe(broken.kind !== 'refused');
  });
});

describe('differences from Scoutr', () => {
  it('are left out where they are not asked for', () => {
    for (const broken of BROKEN_RECORDS.filter(({ kind }) => kind === 'differs'))
      expect(check(broken, false)).toEqual([]);
  });

  it('are found between a record and its groups, and between two groups', () => {
    const filter = (value: string) => ({ read_filters: [{ field: 'product', value }] });
    const auth = [
      item({ id: 'person', type: 'USERNAME', groups: ['a'], ...filter('x') }),
      item({ id: 'other', type: 'USERNAME', groups: ['a', 'b'] }),
      item({ id: 'third', type: 'USERNAME', groups: ['a'] }),
    ];
    const groups = [item({ group_id: 'a', ...filter('y') }), item({ group_id: 'b', ...filter('z') })];
    const findings = checkStored({ auth, groups }, api, true);
    expect(findings.map(({ record, problem }) => `${record}: ${problem}`)).toEqual([
      'person: the filters on product (read_filters[0], read_filters[0] of group a) were joined by OR; here every one of them must hold',
      'other: the filters on product (read_filters[0] of group a, read_filters[0] of group b) were joined by OR; here every one of them must hold',
    ]);
  });
});

describe('one id twice in a file', () => {
  it('is named at the second', () => {
    const twice = { ...sound, groups: [...sound.groups, ...sound.groups] };
    expect(checkStored(twice, api, true)).toMatchObject([
      { table: 'groups', record: 'sound-group', kind: 'refused', path: 'group_id' },
    ]);
  });
});

describe('the types that are added', () => {
  const auth = [
    { id: 'k1', name: 'n', username: 'u', email: 'e@example.com' },
    { id: 'joe', name: 'Joe', username: 'joe', email: 'joe@example.com' },
    { id: 'readers', name: 'Readers' },
    { id: 'typed', type: 'WRONG' },
    { name: 'no id' },
  ].map(item);

  it('are those that change nothing', () => {
    expect(typeChanges(auth, undefined).map(({ id, type }) => [id, type])).toEqual([['k1', 'API_KEY']]);
  });

  it('are given for the others, and for records with a type never', () => {
    expect(typeChanges(auth, 'OIDC_GROUP').map(({ id, type }) => [id, type])).toEqual([
      ['k1', 'API_KEY'],
      ['joe', 'OIDC_GROUP'],
      ['readers', 'OIDC_GROUP'],
    ]);
  });
});

describe('a pattern that paths do not need', () => {
  const fixOf = (endpoint: string) =>
    check({
      table: 'auth',
      record: { id: 'jane', type: 'USERNAME', permitted_endpoints: [{ method: 'GET', endpoint }] },
    })
      .filter(({ kind }) => kind === 'refused')
      .map(({ problem, fix }) => [/; (.*)$/.exec(problem)?.[1], fix]);

  it.each([
    ['/item/\\p{L}+', 'escapes are \\d \\D \\s \\S \\w \\W and marks'],
    ['/item/[[:digit:]]+', 'write sets as a-z, \\d, \\w or \\s, and the character [ as \\['],
    ['/item/(?P<id>[^/]+)', 'groups are (…) or (?:…)'],
    ['/item/(?<id>[^/]+)', 'groups are (…) or (?:…)'],
  ])('%s is refused with what is allowed', (endpoint, allowed) => {
    expect(fixOf(endpoint)).toEqual([[allowed, expect.stringMatching(/^write a regular expression of RE2/)]]);
  });

  it.each(['/(?!item).*', '/item(?=s)', '/(?<=a)b', '/(?<!a)b'])(
    '%s looks around, which nothing replaces',
    (endpoint) => {
      expect(fixOf(endpoint)).toEqual([[expect.any(String), expect.stringMatching(/^say it without looking/)]]);
    },
  );
});

it('a fault of a record is told by its code, whatever its words: flags and long patterns as the message says', () => {
  const record = { id: 'jane', type: 'USERNAME', permitted_endpoints: [{ method: 'GET', endpoint: '(?i)/item' }] };
  expect(check({ table: 'auth', record }).map(({ fix }) => fix)).toContain(
    'correct permitted_endpoints[0].endpoint, as the message says',
  );
});
