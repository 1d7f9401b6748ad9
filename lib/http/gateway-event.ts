// The common form of both versions of gateway events. Values are `unknown` until read: no documented type is relied on.

export type Fields = Readonly<Record<string, unknown>>;

/** A gateway event of either version. Values are as the gateway delivered them. */
export type GatewayEvent = {
  readonly requestId: string;
  readonly method: string | undefined;
  /** The path as the caller sent it, with the stage or base path before the route's own segments. */
  readonly sentPath: string;
  readonly pathParameters: Fields;
  /** True if path parameters are still percent-encoded: REST APIs deliver them so, HTTP APIs decoded. */
  readonly isPathEncoded: boolean;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Every value of each header, by lower-case name. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly sourceIp: string | undefined;
  readonly userAgent: string | undefined;
  /** The id of the API key that the gateway proved. */
  readonly apiKeyId: string | undefined;
  /** True if the gateway's JWT authorizer has verified the bearer token. */
  readonly isTokenVerified: boolean;
};

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Returns a string with lone surrogates replaced by U+FFFD, as no table can store them; `undefined` if it is no string. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.toWellFormed() : undefined;
}

/** The form of a request id that may go into a header of the answer. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** The request id of an event, also of one that is malformed otherwise; `unknown` if it has none. */
export function requestIdOf(event: unknown): string {
  const id = text(fields(fields(event)['requestContext'])['requestId']) ?? '';
  return REQUEST_ID.test(id) ? id : 'unknown';
}
