// Faults of records with a code for programs: `records check` says by it how to mend them.

import type { Fault } from '../base/errors.ts';

/** Each has a fix in local/records-advice.ts. */
export type RecordFaultCode =
  | 'missing_id'
  | 'missing_type'
  | 'missing_for_key'
  | 'missing_part'
  | 'unknown_type'
  | 'unknown_attribute'
  | 'proxy_without_key'
  | 'not_text'
  | 'not_flag'
  | 'not_seconds'
  | 'not_texts'
  | 'not_list'
  | 'not_path'
  | 'not_endpoint'
  | 'not_method'
  | 'not_pattern'
  | 'filter';

/** A fault of a record. Callers learn of neither: it is for the operator's log and for `records check`. */
export type RecordFault = Fault & { readonly code: RecordFaultCode };
export type ParsedRecord<T> = { readonly value: T } | { readonly faults: readonly RecordFault[] };
