// Verifies a bearer token as API Gateway's JWT authorizer does
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html), with no allowance for
// clocks that differ. Keys come from the issuer alone: what a token says of keys (`jku`, `jwk`, `x5u`) is not looked at.

import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { IssuerError, type IssuerKeys } from './issuer-keys.ts';

export type TokenVerifier = (token: string) => Promise<Verification>;

/** The verified claims, or the refusal, which AWS puts into `www-authenticate`. */
export type Verification = { readonly claims: JWTPayload } | { readonly refusal: string };

export type TokenVerifierOptions = {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly keys: IssuerKeys;
  /** Milliseconds. @default the machine's */
  readonly clock?: () => number;
};

/** AWS: "only RSA-based algorithms". RSA-PSS is one too, but nobody has recorded that AWS takes it. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];
/** No request can hold more: its headers have 10,240 bytes. */
const MAX_TOKEN = 10_240;
const MAX_KID = 1_024;

class Refusal extends Error {}

export function tokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  return async (token) => {
    try {
      return { claims: await verify(token, options) };
    } catch (error) {
      return { refusal: reason(error) };
    }
  };
}

async function verify(token: string, { issuer, audience, keys, clock = Date.now }: TokenVerifierOptions) {
  if (token.length > MAX_TOKEN) throw new Refusal('the token is too large');
  const { alg = '', kid } = decodeProtectedHeader(token);
  if (!ALGORITHMS.includes(alg)) throw new Refusal('signing method is invalid');
  if (typeof kid !== 'string' || kid === '' || kid.length > MAX_KID) throw new Refusal('the token has no kid');
  // Before the keys are asked for: a token of another issuer is no reason to look for its key.
  const claims = unverifiedClaims(token);
  if (claims['iss'] !== issuer) throw new Refusal('issuer does not match');
  const now = clock();
  const { payload } = await jwtVerify(token, await keys.find(kid), {
    algorithms: ALGORITHMS,
    issuer,
    currentDate: new Date(now),
    clockTolerance: 0,
    requiredClaims: ['exp'],
  });
  checkAudience(payload, audience);
  if (payload.iat !== undefined && !(payload.iat * 1000 <= now))
    throw new Refusal('the token was issued in the future');
  return payload;
}

function unverifiedClaims(token: string): Readonly<Record<string, unknown>> {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return (claims ?? {}) as Readonly<Record<string, unknown>>;
}

/** AWS looks at `client_id` only where there is no `aud`. */
function checkAudience(claims: JWTPayload, audience: readonly string[]): void {
  const named: unknown = claims.aud === undefined ? claims['client_id'] : claims.aud;
  const values: readonly unknown[] = Array.isArray(named) ? named : [named];
  const isOurs = values.some((each) => typeof each === 'string' && audience.includes(each));
  if (!isOurs || (claims.aud === undefined && Array.isArray(named))) {
    throw new Refusal('the token does not have a valid audience');
  }
}

/** One line for the caller: nothing of the token, which may be anything, is repeated. */
function reason(error: unknown): string {
  if (error instanceof Refusal || error instanceof IssuerError) return error.message;
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'the key of the token is not known';
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'nbf' ? 'the token is not valid yet' : `the claim ${error.claim} is not valid`;
  }
  return error instanceof errors.JWSSignatureVerificationFailed
    ? 'the signature is not valid'
    : 'the token is malformed';
}
