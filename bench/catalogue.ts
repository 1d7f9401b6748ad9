// The rows that can be measured, in the order of the table, with what each needs loaded.

export type Row = {
  /** What `--only` takes. */
  readonly name: string;
  readonly title: string;
  /** Items of the largest size, of every size with their audit rows, or none. */
  readonly needs: 'largest' | 'audit' | 'nothing';
  /** What is measured for it, each in a process of its own. @default one of the same name */
  readonly parts?: readonly string[];
};

export const ROWS: readonly Row[] = [
  { name: 'get', title: 'GET of one item, the whole request', needs: 'largest' },
  { name: 'list-by-index', title: 'GET of 100 items by an indexed attribute, the whole request', needs: 'largest' },
  { name: 'create', title: 'POST of an item with its audit row, the whole request', needs: 'largest' },
  { name: 'authorization', title: 'round trips for the own record and five groups', needs: 'largest' },
  { name: 'flat', title: 'get, search by key, history and audit of one item at each size', needs: 'audit' },
  { name: 'row-filter', title: 'list by a row filter on an indexed attribute', needs: 'largest' },
  {
    name: 'full-scan',
    title: 'unique and count of a whole table without an index',
    needs: 'largest',
    parts: ['full-scan-unique', 'full-scan-count'],
  },
  { name: 'decide', title: 'merge 10 groups, compile 20 conditions, plan', needs: 'nothing' },
  { name: 'page', title: 'checking and pruning a page of 1,000 rows', needs: 'nothing' },
  { name: 'imports', title: 'size and cold import of the bundles', needs: 'nothing' },
  { name: 'memory', title: 'memory while listing pages of 1,000 rows', needs: 'largest' },
  { name: 'estimates', title: 'the estimated cost of each kind of plan against the reported', needs: 'largest' },
];

/** The sizes that some rows need loaded, smallest first. */
export function sizesFor(rows: readonly Row[], sizes: readonly number[]): readonly number[] {
  const needs = new Set(rows.map((row) => row.needs));
  if (needs.has('audit')) return sizes;
  return needs.has('largest') ? sizes.slice(-1) : [];
}
