// The id of the one row of the requests table that is no request. Functions read that row, and their roles name it.

/** The id of the row with this deployment's key. No request has it: their ids are longer. */
export const SEAL_ID = 'seal-key';
