// The auth records and groups of a seed: valid as the API will read them, no id twice, no group that is not there.

import { parseAuthRecord, parseGroupRecord, recordContext } from '../../access/records.ts';
import type { Fault } from '../../base/errors.ts';
import type { Parsed } from '../../base/json.ts';
import type { Item } from '../../base/value.ts';
import type { Api } from '../../definition/api.ts';
import type { ApiKey } from '../../local/gateway/event.ts';
import type { Items } from './seed-items.ts';

type Records = { readonly apiKeys: readonly ApiKey[]; readonly auth: Items; readonly groups: Items };

/** Adds every fault to `faults`; returns the warnings. */
export function checkRecords({ apiKeys, auth, groups }: Records, api: Api, faults: Fault[]): readonly string[] {
  const context = recordContext(api);
  const groupRecords = check(groups, 'groups', (item) => parseGroupRecord(item, context), faults);
  const authRecords = check(auth, 'auth', (item) => parseAuthRecord(item, context), faults);
  refuseDuplicates(groupRecords, 'groups', 'group_id', faults);
  refuseDuplicates(authRecords, 'auth', 'id', faults);
  // A group with a fault of its own is there all the same: it is not reported twice.
  const known = new Set(groups.flatMap((group) => textOf(group, 'group_id')));
  for (const { record, at } of authRecords) {
    record.groups.forEach((group, i) => {
      if (known.has(group)) return;
      faults.push({ path: `auth[${at}].groups[${i}]`, message: `there is no group '${group}' in groups` });
    });
  }
  const ids = new Set(apiKeys.map((key) => key.id));
  return authRecords.flatMap(({ record, at }) =>
    !record.kinds.includes('API_KEY') || ids.has(record.id)
      ? []
      : [`auth[${at}].id: no API key has the id '${record.id}'; nobody can call as this record`],
  );
}

type Checked<T> = { readonly record: T; readonly at: number };

function check<T>(items: Items, path: string, parse: (item: Item) => Parsed<T>, faults: Fault[]): Checked<T>[] {
  return items.flatMap((item, at) => {
    if (!item) return [];
    const parsed = parse(item);
    if ('value' in parsed) return [{ record: parsed.value, at }];
    for (const fault of parsed.faults) {
      const dot = fault.path === '' || fault.path.startsWith('[') ? '' : '.';
      faults.push({ path: `${path}[${at}]${dot}${fault.path}`, message: fault.message });
    }
    return [];
  });
}

function refuseDuplicates(
  records: readonly Checked<{ readonly id: string }>[],
  path: string,
  name: string,
  faults: Fault[],
): void {
  const first = new Map<string, number>();
  for (const { record, at } of records) {
    const before = first.get(record.id);
    if (before === undefined) first.set(record.id, at);
    else faults.push({ path: `${path}[${at}].${name}`, message: `'${record.id}' is ${path}[${before}] already` });
  }
}

function textOf(item: Item | undefined, name: string): string[] {
  const value = item && Object.hasOwn(item, name) ? item[name] : undefined;
  return value && 'S' in value ? [value.S] : [];
}
