// What a cursor holds and what it is bound to. It is encrypted and authenticated under a context: whoever sends it in another
// one, or changes it, has sent no cursor.

import { ApiError } from '../base/errors.ts';

/** All that must be the same where a cursor is used as where it was given. */
export type CursorContext = {
  readonly caller: { readonly id: string; readonly kind: string };
  /** Method and route. */
  readonly endpoint: string;
  readonly table: string;
  readonly pathParameters: ReadonlyMap<string, string>;
  readonly query: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  /** What tells the plan from others. */
  readonly plan: string;
};

const HOUR_SECONDS = 3_600;
/** A cursor's length tells the length of no key but of very long ones. */
const BLOCK_CHARACTERS = 256;

/** The context as one text. The order of parameters is no part of it. */
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
 * The text of a cursor before it is encrypted.
 * @param place to go on from: plain data, whose meaning is the plan's
 * @param now seconds since 1970
 */
export function printCursor(place: object, now: number): string {
  const text = JSON.stringify({ until: Math.floor(now) + HOUR_SECONDS, place });
  return text.padEnd(Math.ceil(text.length / BLOCK_CHARACTERS) * BLOCK_CHARACTERS);
}

/**
 * The place that a cursor holds.
 * @param text what decryption gave; undefined: it is none of ours, or of another context
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
