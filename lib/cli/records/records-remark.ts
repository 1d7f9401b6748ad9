// One thing to say of a stored record.

/** Where in the record, what is wrong, and what to do about it. */
export type Remark = { readonly path: string; readonly problem: string; readonly fix: string };
