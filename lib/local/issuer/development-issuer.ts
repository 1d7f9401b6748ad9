// An issuer of tokens for development, served by the local runtime itself: a discovery document, a key that is made at
// each start, and a door at which this machine's user gets a token for anybody. It never leaves this machine.

import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { ClaimNames } from '../../definition/api.ts';

/** No route can begin so: a route's text has no "+". */
export const ISSUER_PATH = '/+tablegate/issuer';
export const TOKEN_PATH = `${ISSUER_PATH}/token`;

/** The user and claims of a token to make. */
export type TokenRequest = {
  readonly user: string;
  readonly groups: readonly string[];
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** Further claims. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Seconds. */
  readonly expiresIn: number;
};

export type IssuedToken = { readonly token: string; readonly issuer: string; readonly expires_at: number };

export type DevelopmentIssuer = {
  /** Returns the document at a path of the issuer, whose URL is `issuer`; `undefined` for other paths. */
  document(path: string, issuer: string): object | undefined;
  mint(request: TokenRequest, issuer: string): Promise<IssuedToken>;
};

export type DevelopmentIssuerOptions = {
  readonly audience: readonly string[];
  /** The claims that the API reads, by its definition. */
  readonly names: ClaimNames;
};

/** The claims that the issuer sets itself. */
export const OWN_CLAIMS = ['iss', 'aud', 'iat', 'exp'];
export const MAX_EXPIRES_IN = 30 * 24 * 60 * 60;
const ALGORITHM = 'RS256';

export async function developmentIssuer(options: DevelopmentIssuerOptions): Promise<DevelopmentIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const kid = randomUUID();
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' };
  return {
    document: (path, issuer) => documents(issuer, jwk).get(path),
    mint: async (request, issuer) => {
      const now = Math.floor(Date.now() / 1000);
      const expiresAt = now + request.expiresIn;
      const token = await new SignJWT(claimsOf(request, options.names))
        .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience([...options.audience])
        .setIssuedAt(now)
        .setExpirationTime(expiresAt)
        .sign(privateKey);
      return { token, issuer, expires_at: expiresAt };
    },
  };
}

function documents(issuer: string, jwk: JWK): ReadonlyMap<string, object> {
  const discovery = {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: [ALGORITHM],
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
  };
  return new Map<string, object>([
    [`${ISSUER_PATH}/.well-known/openid-configuration`, discovery],
    [`${ISSUER_PATH}/jwks`, { keys: [jwk] }],
  ]);
}

/** The claims under the names that the API reads; `sub` always, as every issuer's tokens have it. */
function claimsOf({ user, groups, name, email, claims }: TokenRequest, names: ClaimNames): Record<string, unknown> {
  const [nameClaim = 'name'] = names.name;
  return Object.fromEntries([
    ['sub', user],
    ...(name === undefined ? [] : [[nameClaim, name]]),
    ...(email === undefined
      ? []
      : [
          [names.email, email],
          ['email_verified', true],
        ]),
    ...(groups.length === 0 ? [] : [[names.groups, groups]]),
    ...Object.entries(claims),
    [names.username, user],
  ]);
}
