// Checks stored auth records and groups before Tablegate is put in front of them: finds records that it would refuse, and
// records that Scoutr understood differently. Each finding says where, what and how to mend it.

import { parseAuthRecord, parseGroupRecord, type RecordContext, recordContext } from '../../access/records.ts';
import { attribute, type Item, textOf } from '../../base/value.ts';
import type { Api } from '../../definition/api.ts';
import { advice } from './records-advice.ts';
import type { Remark } from './records-remark.ts';
import { endpointDifferences, fieldDifferences, filterDifferences, mergedDifferences } from './records-scoutr.ts';

/**
 * `refused`: every caller of the record gets 403. `differs`: Scoutr understood it otherwise. `doubt`: it works, and is
 * probably not what was meant.
 */
export type FindingKind = 'refused' | 'differs' | 'doubt';

export type Finding = Remark & {
  readonly table: 'auth' | 'groups';
  /** The record's id, or its place in the file where it has none: `#3`. */
  readonly record: string;
  readonly kind: FindingKind;
};

export type StoredRecords = { readonly auth: readonly Item[]; readonly groups: readonly Item[] };

/** All findings, record by record. `differences`: with what Scoutr understood otherwise. */
export function checkStored(stored: StoredRecords, api: Api, differences: boolean): readonly Finding[] {
  const context = recordContext(api);
  const check = (table: Finding['table'], item: Item, at: number): Finding[] => {
    const record = nameOf(table, item, at);
    const say = (kind: FindingKind, remarks: readonly Remark[]) =>
      remarks.map((each) => ({ table, record, kind, ...each }));
    return [
      ...say('refused', refusals(table, item, context)),
      ...say('refused', table === 'auth' ? dangling(item, stored.groups) : []),
      ...say('refused', repeated(table, stored[table], item, at)),
      ...say('doubt', table === 'auth' ? doubts(item, stored.groups) : []),
      ...(differences ? say('differs', differencesOf(item, table === 'auth' ? stored.groups : undefined)) : []),
    ];
  };
  return [
    ...stored.auth.flatMap((item, at) => check('auth', item, at)),
    ...stored.groups.flatMap((item, at) => check('groups', item, at)),
  ];
}

function nameOf(table: Finding['table'], item: Item, at: number): string {
  const name = table === 'auth' ? textOf(item, 'id') : (textOf(item, 'group_id') ?? textOf(item, 'id'));
  return name === undefined || name === '' ? `#${at}` : name;
}

function refusals(table: Finding['table'], item: Item, context: RecordContext): readonly Remark[] {
  const parsed = table === 'auth' ? parseAuthRecord(item, context) : parseGroupRecord(item, context);
  if ('value' in parsed) return [];
  return parsed.faults.map((fault) => ({
    path: fault.path,
    problem: fault.message,
    fix: advice(fault, item, table),
  }));
}

/** The texts of a list or set; nothing of what is neither. */
function groupsOf(item: Item): readonly string[] {
  const value = attribute(item, 'groups');
  if (value && 'SS' in value) return value.SS;
  return value && 'L' in value ? value.L.map((each) => ('S' in each ? each.S : '')) : [];
}

function dangling(item: Item, groups: readonly Item[]): readonly Remark[] {
  const known = new Set(groups.map((group) => textOf(group, 'group_id') ?? textOf(group, 'id')));
  return groupsOf(item).flatMap((group, at) => {
    if (group === '' || known.has(group)) return [];
    const problem = `there is no group '${group}'`;
    return [{ path: `groups[${at}]`, problem, fix: `add the group '${group}', or take it out of the list` }];
  });
}

/** Only a file can have an id twice. */
function repeated(table: Finding['table'], items: readonly Item[], item: Item, at: number): readonly Remark[] {
  const path = table === 'auth' ? 'id' : 'group_id';
  const id = textOf(item, path);
  const first = id === undefined ? -1 : items.findIndex((other) => textOf(other, path) === id);
  if (first < 0 || first === at) return [];
  const problem = `stands twice: '${id}' is record #${first} already, and a table keeps one of them`;
  return [{ path, problem, fix: 'join the two records, or give one another id' }];
}

function doubts(item: Item, groups: readonly Item[]): readonly Remark[] {
  const id = textOf(item, 'id');
  const isGroup = id !== undefined && groups.some((group) => textOf(group, 'group_id') === id);
  const both = {
    path: 'id',
    problem: `'${id}' is an auth record and a group: nothing here mixes the two, but who edits one may mean the other`,
    fix: 'rename one of them',
  };
  const person = {
    path: 'type',
    problem: 'is missing; the record is taken for an API key, but its username is its id, as a person has it',
    fix: 'write type USERNAME if it is a person, or API_KEY if it is a key',
  };
  const isPerson = !attribute(item, 'type') && id !== undefined && textOf(item, 'username') === id;
  const isTaken = isPerson && ['name', 'email'].every((name) => attribute(item, name));
  return [...(isGroup ? [both] : []), ...(isTaken ? [person] : [])];
}

function differencesOf(item: Item, groups: readonly Item[] | undefined): readonly Remark[] {
  const named = groups ? groupsOf(item) : [];
  const members = (groups ?? []).filter((group) =>
    named.includes(textOf(group, 'group_id') ?? textOf(group, 'id') ?? ''),
  );
  return [
    ...endpointDifferences(item),
    ...filterDifferences(item),
    ...mergedDifferences(item, members),
    ...fieldDifferences(item),
  ];
}
