// Faults of records with a code, by which `records check` finds advice.

import type { Fault } from '../base/errors.ts';

/** A code of a fault. Each has its advice in cli/records/records-advice.ts. */
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

/** A fault of a record, for the operator's log and for `records check`; never shown to callers. */
export type RecordFault = Fault & { readonly code: RecordFaultCode };
export type ParsedRecord<T> = { readonly value: T } | { readonly faults: readonly RecordFault[] };
