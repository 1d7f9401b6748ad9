// The audit table's indexes, which the stack creates, audit rows fill and readers query. Each is keyed by one attribute, then
// by time, and projects keys only.

/** Partition keys by index: one queries the rows of one item, of one caller or of one day without a scan. */
export const AUDIT_INDEXES = { by_resource: 'resource_key', by_user: 'user_key', by_day: 'day_shard' } as const;

export type AuditIndex = keyof typeof AUDIT_INDEXES;

/** The number of partitions that the rows of one day are spread over, so that none is hot. */
export const DAY_SHARDS = 4;
