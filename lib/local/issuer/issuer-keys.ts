// The public keys of an issuer, found through its discovery document, as API Gateway finds them: fetched when they are
// first needed, kept, and fetched anew for a key id that is not known, but not more often than a cooldown allows: tokens
// are whatever callers send, and must not make this machine send requests to the issuer.

/** An RSA public key of a JWKS; nothing else of it is used. */
export type RsaKey = { readonly kid: string; readonly n: string; readonly e: string; readonly alg: string | undefined };

export type IssuerKeys = {
  /**
   * The keys with that id; none for an id that the issuer does not know.
   * @throws IssuerError where the issuer cannot be asked and nothing is known
   */
  find(kid: string): Promise<readonly RsaKey[]>;
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

/** What AWS gives an issuer to answer, and for how long it keeps the keys. */
const TIMEOUT_MS = 1_500;
const MAX_AGE_MS = 2 * 60 * 60 * 1000;
/** Between two attempts, whether they succeeded or not. */
const COOLDOWN_MS = 10_000;
const MAX_BYTES = 256 * 1024;
const MAX_KEYS = 100;

export function issuerKeys(options: IssuerKeysOptions): IssuerKeys {
  return new Cache(options);
}

class Cache implements IssuerKeys {
  readonly #options: IssuerKeysOptions;
  readonly #clock: () => number;
  #keys: readonly RsaKey[] | undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #error = new IssuerError('OIDC discovery endpoint communication error');
  #running: Promise<void> | undefined;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
  }

  async find(kid: string): Promise<readonly RsaKey[]> {
    const known = this.#fresh()?.filter((key) => key.kid === kid) ?? [];
    if (known.length > 0) return known;
    await this.#refresh();
    const keys = this.#fresh();
    if (!keys) throw this.#error;
    return keys.filter((key) => key.kid === kid);
  }

  #fresh(): readonly RsaKey[] | undefined {
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

async function fetchKeys(issuer: string, get: typeof fetch): Promise<readonly RsaKey[]> {
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
  const { keys } = await fetchJson(uri, get);
  if (!Array.isArray(keys)) throw new Error('its JWKS has no list of keys');
  return keys.slice(0, MAX_KEYS).flatMap(readKey);
}

/** Secret keys, keys of other kinds and keys for encryption are no keys to verify with. */
function readKey(key: unknown): RsaKey[] {
  const { kty, kid, n, e, alg, use, key_ops: operations } = (key ?? {}) as Json;
  if (kty !== 'RSA' || typeof kid !== 'string' || typeof n !== 'string' || typeof e !== 'string') return [];
  if (use !== undefined && use !== 'sig') return [];
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return [];
  if (alg !== undefined && typeof alg !== 'string') return [];
  return [{ kid, n, e, alg }];
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
