// The table of operations and their traits. Endpoints, query parsing, audit rows, the roles of functions and the documents are
// derived from it: an operation without a line does not compile.

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type OperationTraits = {
  readonly method: Method;
  /** The action of its audit rows; no endpoint can use that of another operation. */
  readonly action: string;
  /** True if the route's parameters are exactly the table's key attributes. */
  readonly isKeyed: boolean;
  /** The reserved query parameters that it accepts. */
  readonly parameters: readonly string[];
  /** The reads of its table: none, items by their keys, or the rows of a plan. */
  readonly reads: 'nothing' | 'items' | 'rows';
  /** The kinds of writes of its table. */
  readonly writes: readonly ('put' | 'update' | 'delete')[];
  readonly readsAudit: boolean;
  /** True if it uses the key stored in the requests table: for entity tags, cursors or idempotent requests. */
  readonly seals: boolean;
};

const READ = { method: 'GET', isKeyed: false, parameters: [], writes: [], readsAudit: false, seals: true } as const;
const WRITE = { isKeyed: true, parameters: [], reads: 'items', readsAudit: false, seals: true } as const;
const ASK = { isKeyed: false, parameters: [], reads: 'nothing', writes: [], readsAudit: false, seals: false } as const;
const PAGE = ['_limit', '_cursor'] as const;

export const OPERATIONS = {
  list: { ...READ, action: 'LIST', reads: 'rows', parameters: ['_where', ...PAGE, '_sort', '_fields', '_count'] },
  search: { ...READ, method: 'POST', action: 'SEARCH', reads: 'rows', parameters: PAGE },
  unique: { ...READ, action: 'UNIQUE', reads: 'rows', parameters: ['_where'], seals: false },
  get: { ...READ, action: 'GET', reads: 'items', isKeyed: true },
  create: { ...WRITE, method: 'POST', action: 'CREATE', writes: ['put'], isKeyed: false },
  update: { ...WRITE, method: 'PUT', action: 'UPDATE', writes: ['put', 'update'] },
  patch: { ...WRITE, method: 'PATCH', action: 'UPDATE', writes: ['put', 'update'] },
  delete: { ...WRITE, method: 'DELETE', action: 'DELETE', writes: ['delete'] },
  audit: { ...READ, action: 'AUDIT', reads: 'nothing', parameters: ['_where', ...PAGE], readsAudit: true },
  history: { ...READ, action: 'HISTORY', reads: 'nothing', parameters: PAGE, isKeyed: true, readsAudit: true },
  user: { ...ASK, method: 'GET', action: 'USER' },
  'has-permission': { ...ASK, method: 'POST', action: 'USER' },
} as const satisfies Readonly<Record<string, OperationTraits>>;

export type Operation = keyof typeof OPERATIONS;

/** Returns the traits of an operation, with the types that all of them share. */
export function traitsOf(operation: Operation): OperationTraits {
  return OPERATIONS[operation];
}

/** The audit actions that belong to operations. */
export const ACTIONS: readonly string[] = Object.values(OPERATIONS).map(({ action }) => action);
