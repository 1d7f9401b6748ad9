// The one row of the requests table that is no request: the functions read it, and their roles name it.

/** Holds the key that this deployment seals with. No request has this id: theirs are longer. */
export const SEAL_ID = 'seal-key';
