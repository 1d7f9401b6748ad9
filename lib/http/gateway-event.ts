// What both versions of gateway events hold, read from whatever arrives: nothing is trusted to have its documented type.

export type Fields = Readonly<Record<string, unknown>>;

/** A gateway event in one form. Values are as the gateway delivered them. */
export type GatewayEvent = {
  readonly requestId: string;
  readonly method: string | undefined;
  /** The path as the caller sent it, with the stage or base path before the route's own segments. */
  readonly sentPath: string;
  readonly pathParameters: Fields;
  /** REST APIs deliver path parameters as they were sent, HTTP APIs decoded. */
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
  /** The gateway's JWT authorizer has verified the bearer token. */
  readonly isTokenVerified: boolean;
};

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** A half of a character that stands alone is replaced, as decoders of UTF-8 do: no table could store it. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.toWellFormed() : undefined;
}

/** It stands in a header of every answer. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** The request id that the gateway gave the call, also for events that are broken otherwise. */
export function requestIdOf(event: unknown): string {
  const id = text(fields(fields(event)['requestContext'])['requestId']) ?? '';
  return REQUEST_ID.test(id) ? id : 'unknown';
}
