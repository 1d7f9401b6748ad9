// Prints and parses the content of a cursor and the context to which it is bound. The seal encrypts and authenticates the
// content under the context: a cursor that was changed, or is sent in another context, does not decrypt.

import { ApiError } from '../base/errors.ts';

/** The properties of a request that must be the same when a cursor is used as when it was issued. */
export type CursorContext = {
  readonly caller: { readonly id: string; readonly kind: string };
  /** The method and the route. */
  readonly endpoint: string;
  readonly table: string;
  readonly pathParameters: ReadonlyMap<string, string>;
  readonly query: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  /** The plan's fingerprint. */
  readonly plan: string;
};

const HOUR_SECONDS = 3_600;
/** The padding of a cursor: its length reveals no more of a key's length than this. */
const BLOCK_CHARACTERS = 256;

/** Prints the context as one text, with parameters sorted, so that their order does not matter. */
export function printContext({ caller, pathParameters, query, ...rest }: CursorContext): string {
  const parameters = query.filter(([name]) => name !== '_cursor').map((parameter) => JSON.stringify(parameter));
  return JSON.stringify({
    ...rest,
    caller: [caller.kind, caller.id],
    pathParameters: [...pathParameters],
    query: parameters.sort(),
  });
}

/**
 * Prints a cursor, before it is encrypted.
 * @param place the position from which to go on: plain data that only the plan interprets
 * @param now seconds since 1970
 */
export function printCursor(place: object, now: number): string {
  const text = JSON.stringify({ until: Math.floor(now) + HOUR_SECONDS, place });
  return text.padEnd(Math.ceil(text.length / BLOCK_CHARACTERS) * BLOCK_CHARACTERS);
}

/**
 * Parses the place in a cursor. `{"until":1700000000,"place":{"step":1}}` → `{ step: 1 }`.
 * @param text the decrypted text; `undefined` if decryption failed
 * @param now seconds since 1970
 * @throws ApiError `invalid_cursor`
 */
export function parseCursor(text: string | undefined, now: number): object {
  if (text === undefined) throw invalid('is no cursor of this request; send it with the very query that it came with');
  const { until, place } = JSON.parse(text) as { readonly until: number; readonly place: object };
  if (now >= until) throw invalid('is older than an hour; begin again without it');
  return place;
}

function invalid(message: string): ApiError {
  return new ApiError('invalid_cursor', undefined, [{ path: '_cursor', message }]);
}
