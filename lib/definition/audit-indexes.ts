// The audit table's indexes: what the stack creates, the audit rows carry and the readers ask. Each is keyed by one
// attribute, then by time, and holds keys only.

/** Indexes and their partition keys: rows of one item, of one caller, of one day. Each answers one question without a scan. */
export const AUDIT_INDEXES = { by_resource: 'resource_key', by_user: 'user_key', by_day: 'day_shard' } as const;

export type AuditIndex = keyof typeof AUDIT_INDEXES;

/** The rows of one day are spread over so many partitions, so that none is hot. */
export const DAY_SHARDS = 4;
