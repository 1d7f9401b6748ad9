// An OpenID issuer in this process: a discovery document and a JWKS that a test may change, and tokens signed at will.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';

export type TestIssuer = {
  readonly url: string;
  /** How often each path was asked for. */
  readonly asked: Map<string, number>;
  /** What the JWKS holds; a test may replace it. */
  keys: JWK[];
  /** What the discovery document says beside the usual; a test may replace it. */
  more: Record<string, unknown>;
  /** Answers of a path in place of the usual ones. */
  readonly instead: Map<string, { status: number; body: string }>;
  /** A token of these claims: valid unless they, or the header, say otherwise. */
  sign(claims?: Record<string, unknown>, header?: Partial<JWTHeaderParameters>, key?: CryptoKey): Promise<string>;
  stop(): Promise<void>;
};

export const DISCOVERY = '/.well-known/openid-configuration';
export const AUDIENCE = 'tests';

/** An RSA key as a JWK that is published, and as what signs. */
export async function signingKey(kid: string, alg = 'RS256'): Promise<{ jwk: JWK; privateKey: CryptoKey }> {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  return { jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig' }, privateKey };
}

export async function startIssuer(): Promise<TestIssuer> {
  const { jwk, privateKey } = await signingKey('first');
  const server = createServer((message, response) => {
    const path = message.url ?? '';
    issuer.asked.set(path, (issuer.asked.get(path) ?? 0) + 1);
    const usual: Record<string, unknown> = {
      [DISCOVERY]: { issuer: issuer.url, jwks_uri: `${issuer.url}/keys`, ...issuer.more },
      '/keys': { keys: issuer.keys },
    };
    const body = path in usual ? JSON.stringify(usual[path]) : undefined;
    const answer = issuer.instead.get(path) ?? { status: body === undefined ? 404 : 200, body: body ?? '' };
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: TestIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: new Map(),
    keys: [jwk],
    more: {},
    instead: new Map(),
    sign: (claims = {}, header = {}, key = privateKey) => {
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: issuer.url, aud: AUDIENCE, sub: 'jane', iat: now, exp: now + 600 };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'first', ...header })
        .sign(key);
    },
    stop: () => stop(server),
  };
  return issuer;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
