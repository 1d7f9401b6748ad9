// The one table of what operations are. Endpoints, query parsing, audit rows, the roles of functions and the documents
// read it here: an operation that has no line does not compile.

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type OperationTraits = {
  readonly method: Method;
  /** The action of its audit rows; no endpoint can take another operation's. */
  readonly action: string;
  /** The route names one item by its table's whole key, and nothing else. */
  readonly isKeyed: boolean;
  /** The reserved query parameters it takes. */
  readonly parameters: readonly string[];
  /** What it reads of its table: nothing, items by their keys, or whatever a plan reads. */
  readonly reads: 'nothing' | 'items' | 'rows';
  /** How it writes an item of its table. */
  readonly writes: readonly ('put' | 'update' | 'delete')[];
  readonly readsAudit: boolean;
  /** Its answers hold what is made with the key of the requests table: entity tags, cursors, remembered requests. */
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

/** The traits of an operation, with the types that hold for all of them. */
export function traitsOf(operation: Operation): OperationTraits {
  return OPERATIONS[operation];
}

/** The audit actions that belong to operations. */
export const ACTIONS: readonly string[] = Object.values(OPERATIONS).map(({ action }) => action);
