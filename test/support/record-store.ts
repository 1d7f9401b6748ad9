// The records port over tables in memory, for laws and units that need many requests; it notes every call.

import type { Ports, RecordIds } from '../../lib/operations/request/ports.ts';
import { item } from './values.ts';

type Plain = Readonly<Record<string, unknown>>;

export class RecordStore {
  readonly auth = new Map<string, Plain>();
  readonly groups = new Map<string, Plain>();
  readonly calls: RecordIds[] = [];

  readonly ports: Pick<Ports, 'loadRecords'> = {
    loadRecords: (ids) => {
      this.calls.push(ids);
      // Fresh items at every call, as from the network.
      const find = (table: ReadonlyMap<string, Plain>, wanted: readonly string[]) =>
        wanted.flatMap((id) => {
          const found = table.get(id);
          return found ? [item(found)] : [];
        });
      return Promise.resolve({ auth: find(this.auth, ids.auth), groups: find(this.groups, ids.groups) });
    },
  };

  putAuth(...records: readonly Plain[]): void {
    for (const record of records) this.auth.set(String(record['id']), record);
  }

  putGroups(...records: readonly Plain[]): void {
    for (const record of records) this.groups.set(String(record['group_id']), record);
  }

  /** The calls since the last time, each as the ids that it asked for: `a b | g`. */
  takeCalls(): string[] {
    return this.calls.splice(0).map(({ auth, groups }) => `${auth.join(' ')} | ${groups.join(' ')}`.trim());
  }
}
