// Reads the identity that the gateway authenticated: an API key by its id, or a person by a verified token. No other header
// identifies anybody.

import { ApiError } from '../base/errors.ts';
import { parseJson } from '../base/json.ts';
import { attribute, type Item, type Value } from '../base/value.ts';
import type { Auth, Oidc } from '../definition/api.ts';
import type { ApiRequest } from '../operations/request/request-context.ts';
import type { GatewayEvent } from './gateway-event.ts';

type Person = Extract<ApiRequest['identity'], { kind: 'oidc' }>;

/**
 * Returns the authenticated identity; `undefined` if there is none.
 * @throws ApiError `ambiguous_identity` for two credentials, `unauthenticated` for a token without a username
 */
export function identityOf(event: GatewayEvent, { oidc }: Auth): ApiRequest['identity'] {
  const token = bearerToken(event);
  const hasKey = event.apiKeyId !== undefined || event.headers.has('x-api-key');
  if (hasKey && token !== undefined) {
    throw new ApiError('ambiguous_identity', 'send an API key or a bearer token, not both');
  }
  if (event.apiKeyId !== undefined) return { kind: 'api_key', id: event.apiKeyId };
  return event.isTokenVerified && token !== undefined && oidc ? personOf(tokenClaims(token), oidc) : undefined;
}

/** The token of the Authorization header, which the gateway's authorizer reads; `undefined` if there is none. */
function bearerToken({ headers }: GatewayEvent): string | undefined {
  const values = headers.get('authorization') ?? [];
  const tokens = values.flatMap((value) => /^bearer\s+(\S.*)$/i.exec(value.trim())?.[1] ?? []);
  const [token] = tokens;
  if (token !== undefined && (values.length > 1 || token.includes(','))) {
    throw new ApiError('ambiguous_identity', 'send one credential');
  }
  return token;
}

/** Decodes the claims of a token that the gateway has verified. The event's own list of claims is flattened to text. */
function tokenClaims(token: string): Item {
  const [, payload = ''] = token.split('.');
  const parsed = parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
  if ('value' in parsed && 'M' in parsed.value) return parsed.value.M;
  throw new ApiError('unauthenticated', undefined, [], 'the verified token has no readable claims');
}

function personOf(claims: Item, { claims: names, policyClaims }: Oidc): Person {
  const username = textOf(attribute(claims, names.username));
  if (username === undefined) {
    throw new ApiError('unauthenticated', undefined, [], `the token has no claim ${names.username}`);
  }
  const name = names.name.flatMap((claim) => textOf(attribute(claims, claim)) ?? []).join(' ');
  const email = isTrue(attribute(claims, 'email_verified')) ? textOf(attribute(claims, names.email)) : undefined;
  const allowed = policyClaims.flatMap((claim) => {
    const value = attribute(claims, claim);
    return value ? [[claim, value] as const] : [];
  });
  return {
    kind: 'oidc',
    username,
    ...(name !== '' && { name }),
    ...(email !== undefined && { email }),
    groups: textsOf(attribute(claims, names.groups)),
    isOverflowing: isOverflowing(claims),
    claims: new Map(allowed),
  };
}

/** Claims that refer to claims outside the token (OpenID Connect Core 5.6.2), possibly groups. */
const DISTRIBUTED = ['_claim_names', '_claim_sources'];

/**
 * Returns true if the token says that groups were left out of it, as Entra ID does with large lists: those groups may
 * restrict the caller.
 * Sources: OpenID Connect Core 5.6.2; "groups overage claim" and `hasgroups` in Entra's reference of access token claims.
 */
function isOverflowing(claims: Item): boolean {
  const hasGroups = attribute(claims, 'hasgroups');
  const isOverflow = hasGroups !== undefined && !('BOOL' in hasGroups && !hasGroups.BOOL);
  return isOverflow || DISTRIBUTED.some((name) => attribute(claims, name) !== undefined);
}

function isTrue(value: Value | undefined): boolean {
  return value !== undefined && 'BOOL' in value && value.BOOL;
}

function textOf(value: Value | undefined): string | undefined {
  return value && 'S' in value && value.S !== '' ? value.S : undefined;
}

/** The strings of a list; empty if the value is no list or one element is no string. */
function textsOf(value: Value | undefined): readonly string[] {
  if (!value || !('L' in value)) return [];
  const texts = value.L.flatMap((element) => textOf(element) ?? []);
  return texts.length === value.L.length ? texts : [];
}
