// A seed file, read and validated in full before anything is written: API keys, auth records, groups, rows of tables.

import type { Fault } from '../../base/errors.ts';
import { parseJson } from '../../base/json.ts';
import { attribute, type Item } from '../../base/value.ts';
import type { Api } from '../../definition/api.ts';
import type { ApiKey } from '../../local/gateway/event.ts';
import { present, readItems } from './seed-items.ts';
import { checkRecords } from './seed-records.ts';
import { checkRows, withVersion } from './seed-rows.ts';

export type Seed = {
  readonly apiKeys: readonly ApiKey[];
  readonly auth: readonly Item[];
  readonly groups: readonly Item[];
  /** By the table's name in the definition. */
  readonly tables: ReadonlyMap<string, readonly Item[]>;
  /** Remarks on what is probably not meant and does no harm. */
  readonly warnings: readonly string[];
};

export type SeedFaults = { readonly faults: readonly Fault[] };

export const EMPTY_SEED: Seed = { apiKeys: [], auth: [], groups: [], tables: new Map(), warnings: [] };

const PARTS = ['api_keys', 'auth', 'groups', 'tables'];

/** Parses the text of a seed file; returns the seed or all its faults. */
export function parseSeed(text: string, api: Api): { readonly seed: Seed } | SeedFaults {
  const parsed = parseJson(text);
  if ('faults' in parsed) return parsed;
  if (!('M' in parsed.value)) return { faults: [{ path: '', message: 'must be an object' }] };
  const file = parsed.value.M;
  const faults: Fault[] = [];
  for (const name of Object.keys(file)) {
    if (!PARTS.includes(name)) faults.push({ path: name, message: `is not known; the parts are ${PARTS.join(', ')}` });
  }
  const apiKeys = readApiKeys(file, faults);
  const auth = readItems(attribute(file, 'auth'), 'auth', faults);
  const groups = readItems(attribute(file, 'groups'), 'groups', faults);
  const tables = readTables(file, api, faults);
  const warnings = checkRecords({ apiKeys, auth, groups }, api, faults);
  if (faults.length > 0) return { faults };
  return { seed: { apiKeys, auth: present(auth), groups: present(groups), tables, warnings } };
}

function readApiKeys(file: Item, faults: Fault[]): readonly ApiKey[] {
  const keys = readItems(attribute(file, 'api_keys'), 'api_keys', faults);
  const seen = new Set<string>();
  const read = (item: Item, at: number): ApiKey => {
    const text = (name: 'id' | 'value'): string => {
      const path = `api_keys[${at}].${name}`;
      const value = attribute(item, name);
      const content = value && 'S' in value ? value.S : '';
      if (content === '') faults.push({ path, message: 'must be a text that is not empty' });
      else if (seen.has(`${name} ${content}`)) faults.push({ path, message: 'stands twice' });
      seen.add(`${name} ${content}`);
      return content;
    };
    const unknown = Object.keys(item).filter((name) => name !== 'id' && name !== 'value');
    for (const name of unknown) faults.push({ path: `api_keys[${at}].${name}`, message: 'is not known' });
    return { id: text('id'), value: text('value') };
  };
  return keys.flatMap((item, at) => (item ? [read(item, at)] : []));
}

function readTables(file: Item, api: Api, faults: Fault[]): ReadonlyMap<string, readonly Item[]> {
  const part = attribute(file, 'tables');
  if (part !== undefined && !('M' in part)) faults.push({ path: 'tables', message: 'must be an object' });
  const tables = new Map<string, readonly Item[]>();
  for (const [name, value] of Object.entries(part && 'M' in part ? part.M : {})) {
    const path = `tables.${name}`;
    const table = api.tables.find((each) => each.name === name);
    if (!table) {
      const known = api.tables.map((each) => each.name).join(', ');
      faults.push({ path, message: `is no table of the API; its tables are ${known}` });
      continue;
    }
    const rows = readItems(value, path, faults);
    checkRows(rows, table, path, faults);
    tables.set(
      name,
      present(rows).map((row) => withVersion(row, table)),
    );
  }
  return tables;
}
