// The development issuer over HTTP: its documents for everybody, tokens for programs of this machine alone.

import type { Answer } from '../gateway/answer.ts';
import { isLoopbackHost } from '../gateway/own-host.ts';
import { type GatewayRequest, headerOf } from '../gateway/request.ts';
import {
  type DevelopmentIssuer,
  ISSUER_PATH,
  MAX_EXPIRES_IN,
  OWN_CLAIMS,
  TOKEN_PATH,
  type TokenRequest,
} from './development-issuer.ts';

type Json = Readonly<Record<string, unknown>>;

const LOOPBACK_ADDRESS = /^(127\.\d+\.\d+\.\d+|::1)$/;

/** Returns the issuer's answer; `undefined` for a path that is not the issuer's. `issuer` is its URL. */
export async function answerIssuer(
  request: Omit<GatewayRequest, 'query'>,
  development: DevelopmentIssuer,
  issuer: string,
): Promise<Answer | undefined> {
  const { method, path } = request;
  if (!path.startsWith(`${ISSUER_PATH}/`)) return undefined;
  const document = development.document(path, issuer);
  if (document && (method === 'GET' || method === 'HEAD')) return json(200, document);
  if (path !== TOKEN_PATH || method !== 'POST') return json(404, { message: 'Not Found' });
  const stranger = strangerBy(request);
  if (stranger !== undefined) return json(403, { message: stranger });
  const asked = readRequest(request.body.toString('utf8'));
  return typeof asked === 'string' ? json(400, { message: asked }) : json(200, await development.mint(asked, issuer));
}

/**
 * Returns why a caller is no program of this machine; `undefined` if it is one. The address alone does not prove it: a web
 * page in a browser here has it too, and can have a name that leads here (DNS rebinding).
 */
function strangerBy({ sourceIp, headers }: Omit<GatewayRequest, 'query'>): string | undefined {
  if (!LOOPBACK_ADDRESS.test(sourceIp)) return 'tokens are given to this machine only';
  if (!isLoopbackHost(headers)) return 'ask at localhost, 127.0.0.1 or [::1]';
  const isPage = ['origin', 'referer', 'sec-fetch-site'].some((name) => headerOf(headers, name) !== undefined);
  // A page can send no JSON to another origin without a preflight, which is not answered here.
  const type = headerOf(headers, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  return isPage || type !== 'application/json'
    ? 'tokens are given to programs that send JSON, not to pages'
    : undefined;
}

/** Parses the request of `tablegate token`; returns a message if it is malformed. */
function readRequest(text: string): TokenRequest | string {
  const asked = parse(text);
  if (!asked) return 'the body must be a JSON object';
  const { user, groups = [], name, email, claims = {}, expires_in: expiresIn = 3600 } = asked;
  if (typeof user !== 'string' || user === '') return 'user must be a text that is not empty';
  if (!Array.isArray(groups) || !groups.every((each) => typeof each === 'string' && each !== '')) {
    return 'groups must be a list of texts';
  }
  if (![name, email].every((each) => each === undefined || typeof each === 'string')) return 'name and email are texts';
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return 'claims must be an object';
  const own = Object.keys(claims).find((each) => OWN_CLAIMS.includes(each));
  if (own !== undefined) return `the claim ${own} is the issuer's own`;
  if (typeof expiresIn !== 'number' || !Number.isInteger(expiresIn) || expiresIn < 1 || expiresIn > MAX_EXPIRES_IN) {
    return `expires_in is a number of seconds from 1 to ${MAX_EXPIRES_IN}`;
  }
  const optional = { name: name as string | undefined, email: email as string | undefined };
  return { user, groups, ...optional, claims: claims as Json, expiresIn };
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function json(status: number, body: object): Answer {
  const headers = [
    ['content-type', 'application/json'],
    ['cache-control', 'no-store'],
  ] as const;
  return { status, headers, body: JSON.stringify(body) };
}
