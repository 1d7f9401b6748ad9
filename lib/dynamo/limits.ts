// DynamoDB's limits on expressions and batches. The compiler counts for itself: emulators do not enforce all of these.

/** UTF-8 bytes of one expression. */
export const EXPRESSION_BYTES = 4_096;

/** Comparisons, functions, AND, OR, NOT and IN of one expression. */
export const EXPRESSION_OPERATORS = 300;

/** Values between the brackets of one IN. */
export const IN_OPERANDS = 100;

/** Bytes of all names and values of one expression. */
export const PLACEHOLDER_BYTES = 2 * 1024 * 1024;

/** Keys of one BatchGetItem. */
export const BATCH_KEYS = 100;
