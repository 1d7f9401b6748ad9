// A remark on a stored record.

/** The path in the record, the problem, and the fix. */
export type Remark = { readonly path: string; readonly problem: string; readonly fix: string };
