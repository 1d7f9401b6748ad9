// The auth records and groups of the measured callers, with what such records hold in earnest: several endpoints each,
// filters, exclusions, update lists.

import type { Item } from '../lib/base/value.ts';
import { CALLERS, EXCLUDED, FILTERED_STATUS, FIVE_GROUPS, GROUPS, itemFrom } from './rows.ts';

const ACTIVE_ONLY = { field: 'active', operator: 'eq', value: true };

export function authRecords(): readonly Item[] {
  const all = [{ method: '*', endpoint: '/.*' }];
  return [
    keyRecord(CALLERS.grouped, { groups: FIVE_GROUPS }),
    keyRecord(CALLERS.open, { permitted_endpoints: all }),
    keyRecord(CALLERS.filtered, {
      permitted_endpoints: all,
      read_filters: [{ field: 'status', operator: 'eq', value: FILTERED_STATUS }],
    }),
  ];
}

export function keyRecord(id: string, permissions: object): Item {
  return itemFrom({ id, type: 'API_KEY', name: id, username: id, email: `${id}@example.com`, ...permissions });
}

export function groupRecords(): readonly Item[] {
  return GROUPS.map((id) => groupRecord(id, {}));
}

export function groupRecord(id: string, permissions: object): Item {
  return itemFrom({
    group_id: id,
    description: `the group ${id}`,
    permitted_endpoints: [
      { method: 'GET', endpoint: '/items' },
      { method: 'GET|POST', endpoint: '/(item|audit|history)(/[^/]+)?' },
      { method: 'POST', endpoint: '/search/.*' },
    ],
    filter_fields: [ACTIVE_ONLY],
    exclude_fields: [EXCLUDED],
    update_fields_restricted: ['created', `${id.replace('-', '_')}_note`],
    ...permissions,
  });
}
