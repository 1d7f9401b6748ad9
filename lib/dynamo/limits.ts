// DynamoDB's limits on expressions and batches. The compiler checks them itself, as emulators do not enforce all of them.

/** The most UTF-8 bytes of one expression. */
export const EXPRESSION_BYTES = 4_096;

/** The most comparisons, functions, AND, OR, NOT and IN of one expression. */
export const EXPRESSION_OPERATORS = 300;

/** The most values of one IN. */
export const IN_OPERANDS = 100;

/** The most bytes of all names and values of one expression. */
export const PLACEHOLDER_BYTES = 2 * 1024 * 1024;

/** The most keys of one BatchGetItem. */
export const BATCH_KEYS = 100;
