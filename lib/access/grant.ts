// One auth record together with its groups: a whole, self-contained set of permissions.

import type { Filter } from '../condition/filter.ts';
import type { EndpointPattern } from './endpoint-pattern.ts';
import { type AuthRecord, FILTER_LISTS, type FilterList, type GroupRecord, type Permissions } from './records.ts';

export type Grant = {
  readonly endpoints: readonly EndpointPattern[];
  readonly filters: Readonly<Record<FilterList, readonly Filter[]>>;
  readonly excluded: readonly (readonly string[])[];
  readonly updatePermitted: readonly (readonly string[])[] | undefined;
  readonly updateRestricted: readonly (readonly string[])[];
};

/** Inside a grant endpoints, exclusions and update lists are united; filters are all joined. */
export function grantOf(record: AuthRecord, groups: readonly GroupRecord[]): Grant {
  const members: readonly Permissions[] = [record, ...groups];
  // A disabled record loses its endpoints, its groups' too, and keeps every restriction.
  const endpoints = record.disabled ? [] : members.flatMap((member) => member.endpoints);
  const lists = members.flatMap((member) => (member.updatePermitted ? [member.updatePermitted] : []));
  const filters = FILTER_LISTS.map((list) => [list, members.flatMap((member) => member.filters[list])] as const);
  return {
    endpoints,
    filters: Object.fromEntries(filters) as unknown as Grant['filters'],
    excluded: members.flatMap((member) => member.excluded),
    updatePermitted: lists.length > 0 ? lists.flat() : undefined,
    updateRestricted: members.flatMap((member) => member.updateRestricted),
  };
}
