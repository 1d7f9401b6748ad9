// The public keys of an issuer, found through its discovery document, as API Gateway finds them: fetched when they are
// first needed, kept, and fetched anew for a key id that is not known, but not more often than a cooldown allows: tokens
// are whatever callers send, and must not make this machine send requests to the issuer. jose's `createRemoteJWKSet` finds no
// discovery document, bounds no answer, and asks an issuer that is down again for every token.

import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

export type IssuerKeys = {
  /**
   * Chooses among the issuer's keys, with one of that id if it has one.
   * @throws IssuerError where the issuer cannot be asked and nothing is known
   */
  find(kid: string): Promise<JWTVerifyGetKey>;
};

/** The issuer does not answer, or answers nonsense. The messages are AWS's. */
export class IssuerError extends Error {
  override readonly name = 'IssuerError';
}

export type IssuerKeysOptions = {
  readonly issuer: string;
  /** @default the global one */
  readonly fetch?: typeof fetch;
  /** Milliseconds. @default the machine's */
  readonly clock?: () => number;
  /** Takes why an issuer could not be asked; callers are not told more than that it could not. */
  readonly log?: (line: string) => void;
};

type Json = Readonly<Record<string, unknown>>;

/** The time that AWS gives an issuer to answer, and the time for which it caches the keys. */
const TIMEOUT_MS = 1_500;
const MAX_AGE_MS = 2 * 60 * 60 * 1000;
/** Between two attempts, whether they succeeded or not. */
const COOLDOWN_MS = 10_000;
const MAX_BYTES = 256 * 1024;

type KeySet = { readonly ids: readonly unknown[]; readonly choose: JWTVerifyGetKey };

export function issuerKeys(options: IssuerKeysOptions): IssuerKeys {
  return new Cache(options);
}

class Cache implements IssuerKeys {
  readonly #options: IssuerKeysOptions;
  readonly #clock: () => number;
  #keys: KeySet | undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #error = new IssuerError('OIDC discovery endpoint communication error');
  #running: Promise<void> | undefined;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
  }

  async find(kid: string): Promise<JWTVerifyGetKey> {
    if (!this.#fresh()?.ids.includes(kid)) await this.#refresh();
    const keys = this.#fresh();
    if (!keys) throw this.#error;
    return keys.choose;
  }

  #fresh(): KeySet | undefined {
    return this.#clock() - this.#fetchedAt < MAX_AGE_MS ? this.#keys : undefined;
  }

  /** One attempt at a time, which everybody waits for. */
  #refresh(): Promise<void> {
    if (this.#running) return this.#running;
    if (this.#clock() - this.#triedAt < COOLDOWN_MS) return Promise.resolve();
    this.#triedAt = this.#clock();
    this.#running = this.#load().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #load(): Promise<void> {
    const { issuer, fetch: get = fetch, log } = this.#options;
    try {
      this.#keys = await fetchKeys(issuer, get);
      this.#fetchedAt = this.#clock();
    } catch (error) {
      this.#error = error instanceof IssuerError ? error : new IssuerError('JWKS communication error');
      const cause = (this.#error.cause ?? error) as Error;
      log?.(`the issuer ${issuer} cannot be asked for its keys: ${this.#error.message}: ${cause.message}`);
    }
  }
}

async function fetchKeys(issuer: string, get: typeof fetch): Promise<KeySet> {
  const discovery = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, get).catch(
    (cause: unknown) => {
      throw new IssuerError('OIDC discovery endpoint communication error', { cause });
    },
  );
  const { issuer: named, jwks_uri: uri } = discovery;
  if (named !== issuer || typeof uri !== 'string') {
    const cause = new Error(named === issuer ? 'it names no jwks_uri' : `its document is of ${JSON.stringify(named)}`);
    throw new IssuerError('OIDC discovery endpoint communication error', { cause });
  }
  const choose = createLocalJWKSet((await fetchJson(uri, get)) as Json & JSONWebKeySet);
  return { ids: choose.jwks().keys.map(({ kid }) => kid), choose };
}

/** A JSON object of bounded size. Redirects are not followed: the keys come from where the definition says. */
async function fetchJson(url: string, get: typeof fetch): Promise<Json> {
  if (!/^https?:\/\//.test(url)) throw new Error(`${url} is no URL`);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await get(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error(`${url} answers more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  const json: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error(`${url} is no JSON object`);
  return json as Json;
}
