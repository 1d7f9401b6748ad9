// Tokens as API Gateway's JWT authorizer takes and refuses them, against an issuer that runs.

import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { type CryptoKey, exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { issuerKeys } from '../../../../lib/local/issuer/issuer-keys.ts';
import { type TokenVerifier, tokenVerifier } from '../../../../lib/local/issuer/token-verifier.ts';
import { AUDIENCE, DISCOVERY, signingKey, startIssuer, type TestIssuer } from '../../../support/issuer.ts';
import { cases } from '../../../support/proof.ts';

let issuer: TestIssuer;
let now = 0;
let originalKeys: JWK[] = [];
const log: string[] = [];

beforeAll(async () => {
  issuer = await startIssuer();
  originalKeys = issuer.keys;
});
afterAll(() => issuer.stop());
afterEach(() => {
  issuer.keys = originalKeys;
  issuer.more = {};
  issuer.instead.clear();
  issuer.asked.clear();
  now = 0;
});

const seconds = () => Math.floor(Date.now() / 1000);
/** The machine's clock, moved by `now` milliseconds. */
const clock = () => Date.now() + now;

function newVerifier(issuerUrl = issuer.url): TokenVerifier {
  const keys = issuerKeys({ issuer: issuerUrl, clock, log: (line) => void log.push(line) });
  return tokenVerifier({ issuer: issuerUrl, audience: [AUDIENCE, 'others'], keys, clock });
}

/** `ok`, or why not. */
async function outcome(token: string, verify = newVerifier()): Promise<string> {
  const verified = await verify(token);
  return 'claims' in verified ? 'ok' : verified.refusal;
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claimsNow = () => ({ iss: issuer.url, aud: AUDIENCE, sub: 'jane', iat: seconds(), exp: seconds() + 600 });

describe('claims', () => {
  it.each<[string, () => Record<string, unknown>, string]>([
    ['as they should be', () => ({}), 'ok'],
    ['one of several audiences', () => ({ aud: ['x', 'others'] }), 'ok'],
    ['client_id without aud', () => ({ aud: undefined, client_id: AUDIENCE }), 'ok'],
    [
      'client_id beside a wrong aud',
      () => ({ aud: 'x', client_id: AUDIENCE }),
      'the token does not have a valid audience',
    ],
    ['another audience', () => ({ aud: 'x' }), 'the token does not have a valid audience'],
    ['an empty list of audiences', () => ({ aud: [] }), 'the token does not have a valid audience'],
    ['an audience that is no text', () => ({ aud: 5 }), 'the token does not have a valid audience'],
    ['no audience', () => ({ aud: undefined }), 'the token does not have a valid audience'],
    ['an audience that only begins alike', () => ({ aud: `${AUDIENCE}x` }), 'the token does not have a valid audience'],
    ['another issuer', () => ({ iss: 'https://evil.example' }), 'issuer does not match'],
    ['the issuer with a slash', () => ({ iss: `${issuer.url}/` }), 'issuer does not match'],
    ['no issuer', () => ({ iss: undefined }), 'issuer does not match'],
    ['a list of issuers', () => ({ iss: [issuer.url] }), 'issuer does not match'],
    ['expired', () => ({ exp: seconds() - 1 }), 'the token has expired'],
    ['expiring now', () => ({ exp: seconds() }), 'the token has expired'],
    ['without expiry', () => ({ exp: undefined }), 'the claim exp is not valid'],
    ['an expiry that is text', () => ({ exp: String(seconds() + 600) }), 'the claim exp is not valid'],
    ['not valid yet', () => ({ nbf: seconds() + 60 }), 'the token is not valid yet'],
    ['valid since a minute', () => ({ nbf: seconds() - 60 }), 'ok'],
    ['nbf that is text', () => ({ nbf: 'x' }), 'the token is not valid yet'],
    ['issued in the future', () => ({ iat: seconds() + 60 }), 'the token was issued in the future'],
    ['iat that is text', () => ({ iat: 'x' }), 'the claim iat is not valid'],
    ['without iat', () => ({ iat: undefined }), 'ok'],
  ])('%s', async (_, claims, expected) => {
    expect(await outcome(await issuer.sign(claims()))).toBe(expected);
  });

  it('are given as the token has them', async () => {
    const verified = await newVerifier()(await issuer.sign({ groups: ['a', 'b'], deep: { x: [1] } }));
    expect(verified).toMatchObject({ claims: { sub: 'jane', groups: ['a', 'b'], deep: { x: [1] } } });
  });
});

describe('signatures', () => {
  it.each(['RS256', 'RS384', 'RS512'])('%s is taken', async (alg) => {
    const { jwk, privateKey } = await signingKey('k', alg);
    issuer.keys = [jwk];
    expect(await outcome(await issuer.sign({}, { alg, kid: 'k' }, privateKey))).toBe('ok');
  });

  it.each(['PS256', 'ES256', 'EdDSA'])('%s is not', async (alg) => {
    const { jwk, privateKey } = await signingKey('k', alg);
    issuer.keys = [jwk];
    expect(await outcome(await issuer.sign({}, { alg, kid: 'k' }, privateKey))).toBe('signing method is invalid');
  });

  it.each(['none', 'None', 'NONE', '', undefined, 'HS256', 'rs256', ['RS256']])('alg %j is not', async (alg) => {
    for (const signature of ['', 'c2ln']) {
      const token = `${part({ alg, kid: 'first' })}.${part(claimsNow())}.${signature}`;
      expect(await outcome(token)).toMatch(/^(signing method is invalid|the token is malformed)$/);
    }
  });

  it('HS256 with the public key as the secret is not', async () => {
    const key = (await importJWK(originalKeys[0] as JWK, 'RS256')) as CryptoKey;
    const input = `${part({ alg: 'HS256', kid: 'first' })}.${part(claimsNow())}`;
    for (const secret of [await exportSPKI(key), JSON.stringify(originalKeys[0])]) {
      const signature = createHmac('sha256', secret).update(input).digest('base64url');
      expect(await outcome(`${input}.${signature}`)).toBe('signing method is invalid');
    }
  });

  it('another key under a known id is not', async () => {
    const { privateKey } = await signingKey('first');
    expect(await outcome(await issuer.sign({}, {}, privateKey))).toBe('the signature is not valid');
  });

  it('claims changed after signing are not', async () => {
    const [header, , signature] = (await issuer.sign()).split('.');
    const token = `${header}.${part({ ...claimsNow(), sub: 'admin' })}.${signature}`;
    expect(await outcome(token)).toBe('the signature is not valid');
  });

  it.each(['jku', 'jwk', 'x5u', 'x5c'])('what a token says of its key (%s) is not looked at', async (name) => {
    const { jwk, privateKey } = await signingKey('mine');
    const evil = await startIssuer();
    evil.keys = [jwk];
    const value = { jku: `${evil.url}/keys`, jwk, x5u: `${evil.url}/keys`, x5c: ['MII'] }[name];
    const header = { alg: 'RS256', kid: 'mine', [name]: value };
    const token = await new SignJWT(claimsNow()).setProtectedHeader(header).sign(privateKey);
    expect(await outcome(token)).toBe('the key of the token is not known');
    expect(evil.asked.size).toBe(0);
    await evil.stop();
  });

  it('a header that must be understood is not', async () => {
    const { privateKey, jwk } = await signingKey('k');
    issuer.keys = [jwk];
    const input = `${part({ alg: 'RS256', kid: 'k', crit: ['x'], x: 1 })}.${part(claimsNow())}`;
    const data = new TextEncoder().encode(input);
    const signature = Buffer.from(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, data)).toString(
      'base64url',
    );
    expect(await outcome(`${input}.${signature}`)).not.toBe('ok');
  });
});

describe('a token that is changed', () => {
  const bytesOf = (token: string) => token.split('.').map((each) => Buffer.from(each, 'base64url').toString('hex'));

  it('in any of its characters is refused, or is the same bytes in another spelling', async () => {
    const token = await issuer.sign({ groups: ['readers'] });
    const verify = newVerifier();
    const change = fc.record({ at: fc.nat(token.length - 1), to: fc.constantFrom(...'AZaz09-_.=+/ ') });
    const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const characters = [...token];
      for (const { at, to } of changes) characters[at] = to;
      const changed = characters.join('');
      const isSame = changed === token || JSON.stringify(bytesOf(changed)) === JSON.stringify(bytesOf(token));
      if (!isSame) expect(await outcome(changed, verify)).not.toBe('ok');
    });
    await fc.assert(property, cases(150));
  });

  it('for a part of another that is valid too is refused', async () => {
    const [one, two] = [await issuer.sign({ sub: 'jane' }), await issuer.sign({ sub: 'max' })].map((each) =>
      each.split('.'),
    );
    const verify = newVerifier();
    for (const mixed of [
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 1],
    ]) {
      const token = mixed.map((from, part) => (from === 0 ? one : two)?.[part]).join('.');
      expect(await outcome(token, verify)).toBe(mixed[1] === mixed[2] ? 'ok' : 'the signature is not valid');
    }
  });
});

describe('key ids', () => {
  const cases: [string, (first: JWK, second: JWK) => JWK[]][] = [
    ['one key', (first) => [first]],
    ['many keys', (first, second) => [first, second]],
  ];
  it.each(cases)('a token without one is refused, with %s', async (_, keys) => {
    const [first, second] = [await signingKey('a'), await signingKey('b')];
    issuer.keys = keys(first.jwk, second.jwk);
    for (const kid of [undefined, '', 5, ['a']]) {
      const token = await issuer.sign({}, { kid: kid as string }, first.privateKey).catch(() => 'a.b.c');
      expect(await outcome(token)).toMatch(/^the token (has no kid|is malformed)$/);
    }
  });

  it('two keys with one id are no key', async () => {
    const [first, second] = [await signingKey('a'), await signingKey('a')];
    issuer.keys = [first.jwk, second.jwk];
    expect(await outcome(await issuer.sign({}, { kid: 'a' }, first.privateKey))).toBe(
      'the key of the token is not known',
    );
  });

  it.each<[string, Partial<JWK>]>([
    ['for encryption', { use: 'enc' }],
    ['for other operations', { key_ops: ['encrypt'] }],
    ['of another algorithm', { alg: 'RS512' }],
    ['of another kind', { kty: 'oct', k: 'c2VjcmV0' }],
  ])('a key %s is not used', async (_, change) => {
    const { jwk, privateKey } = await signingKey('a');
    issuer.keys = [{ ...jwk, ...change }];
    expect(await outcome(await issuer.sign({}, { kid: 'a' }, privateKey))).toBe('the key of the token is not known');
  });

  it('a key that is too short is not used', async () => {
    const { jwk, privateKey } = await signingKey('a');
    issuer.keys = [{ ...jwk, n: (jwk.n ?? '').slice(0, 100) }];
    expect(await outcome(await issuer.sign({}, { kid: 'a' }, privateKey))).not.toBe('ok');
  });

  it('a new key is found, and the issuer is asked once in ten seconds however many ids come', async () => {
    const verify = newVerifier();
    expect(await outcome(await issuer.sign(), verify)).toBe('ok');
    const { jwk, privateKey } = await signingKey('new');
    issuer.keys = [...originalKeys, jwk];
    const flood = await Promise.all(Array.from({ length: 50 }, (_, at) => issuer.sign({}, { kid: `unknown-${at}` })));
    const refused = await Promise.all(flood.map((token) => outcome(token, verify)));
    expect(new Set(refused)).toEqual(new Set(['the key of the token is not known']));
    expect(issuer.asked.get('/keys')).toBe(1);
    now = 11_000;
    const fresh = await issuer.sign({}, { kid: 'new' }, privateKey);
    expect(await Promise.all([outcome(fresh, verify), ...flood.map((token) => outcome(token, verify))])).toContain(
      'ok',
    );
    expect(issuer.asked.get('/keys')).toBe(2);
    expect(await outcome(await issuer.sign(), verify)).toBe('ok');
    expect([issuer.asked.get('/keys'), issuer.asked.get(DISCOVERY)]).toEqual([2, 2]);
  });

  it('a token of another issuer does not make this one be asked', async () => {
    await outcome(await issuer.sign({ iss: 'https://evil.example' }));
    expect(issuer.asked.size).toBe(0);
  });

  it('keys are forgotten after two hours', async () => {
    const verify = newVerifier();
    const long = await issuer.sign({ exp: seconds() + 90_000 });
    expect(await outcome(long, verify)).toBe('ok');
    issuer.keys = [];
    now = 2 * 3_600_000 - 5_000;
    expect(await outcome(long, verify)).toBe('ok');
    now = 2 * 3_600_000 + 5_000;
    expect(await outcome(long, verify)).toBe('the key of the token is not known');
  });
});

describe('malformed tokens', () => {
  it.each([
    ['nothing', ''],
    ['one part', 'abc'],
    ['five parts', 'a.b.c.d.e'],
    ['a header that is no JSON', `${Buffer.from('{').toString('base64url')}.e30.x`],
    ['claims that are no object', `${part({ alg: 'RS256', kid: 'first' })}.${part(null)}.x`],
    ['line ends', 'a\r\nb.c.d'],
    ['a comma', 'a.b.c,d.e.f'],
  ])('%s', async (_, token) => {
    expect(await outcome(token)).toMatch(/^(the token is malformed|issuer does not match|signing method is invalid)$/);
  });

  it('a huge one is refused before it is read', async () => {
    expect(await outcome(await issuer.sign({ x: 'y'.repeat(20_000) }))).toBe('the token is too large');
    expect(issuer.asked.size).toBe(0);
  });

  it('what is said to the caller repeats nothing of the token', async () => {
    const token = await issuer.sign({ iss: '"\r\nx-evil: 1' }, { kid: '"\r\n' });
    expect(await outcome(token)).toBe('issuer does not match');
  });
});

describe('an issuer that', () => {
  const DISCOVERY_ERROR = 'OIDC discovery endpoint communication error';
  const KEYS_ERROR = 'JWKS communication error';
  const big = JSON.stringify({ keys: [], x: 'y'.repeat(300_000) });
  it.each<[string, string, { status: number; body: string }, string]>([
    ['has no discovery document', DISCOVERY, { status: 404, body: '{}' }, DISCOVERY_ERROR],
    ['answers a redirect', DISCOVERY, { status: 302, body: '{}' }, DISCOVERY_ERROR],
    ['answers no JSON', DISCOVERY, { status: 200, body: '<html>' }, DISCOVERY_ERROR],
    ['answers a list', DISCOVERY, { status: 200, body: '[]' }, DISCOVERY_ERROR],
    ['has no keys', '/keys', { status: 500, body: '{}' }, KEYS_ERROR],
    ['has keys that are no list', '/keys', { status: 200, body: '{"keys":{}}' }, KEYS_ERROR],
    ['answers too much', '/keys', { status: 200, body: big }, KEYS_ERROR],
  ])('%s', async (_, path, answer, expected) => {
    issuer.instead.set(path, answer);
    expect(await outcome(await issuer.sign())).toBe(expected);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['is another one', { issuer: 'https://evil.example' }, DISCOVERY_ERROR],
    ['keeps its keys in a file', { jwks_uri: 'file:///etc/passwd' }, KEYS_ERROR],
    ['names no keys', { jwks_uri: undefined }, DISCOVERY_ERROR],
  ])('%s', async (_, more, expected) => {
    issuer.more = more;
    expect(await outcome(await issuer.sign())).toBe(expected);
  });

  it('is down is asked again after ten seconds, not before, and the log says what is wrong', async () => {
    issuer.instead.set(DISCOVERY, { status: 503, body: '' });
    const verify = newVerifier();
    const token = await issuer.sign();
    for (let i = 0; i < 20; i++) expect(await outcome(token, verify)).toBe(DISCOVERY_ERROR);
    expect(issuer.asked.get(DISCOVERY)).toBe(1);
    expect(log.at(-1)).toContain('answers 503');
    issuer.instead.clear();
    expect(await outcome(token, verify)).toBe(DISCOVERY_ERROR);
    now = 11_000;
    expect(await outcome(token, verify)).toBe('ok');
  });

  it('goes down later is not missed while its keys are known', async () => {
    const verify = newVerifier();
    expect(await outcome(await issuer.sign(), verify)).toBe('ok');
    issuer.instead.set(DISCOVERY, { status: 503, body: '' });
    now = 60_000;
    expect(await outcome(await issuer.sign(), verify)).toBe('ok');
    expect(await outcome(await issuer.sign({}, { kid: 'other' }), verify)).toBe('the key of the token is not known');
    expect(await outcome(await issuer.sign(), verify)).toBe('ok');
  });

  it('nobody runs', async () => {
    const key = await generateKeyPair('RS256');
    const token = await issuer.sign({ iss: 'http://127.0.0.1:1' }, {}, key.privateKey);
    expect(await outcome(token, newVerifier('http://127.0.0.1:1'))).toBe(DISCOVERY_ERROR);
  });
});
