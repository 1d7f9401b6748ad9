// `tablegate token`: asks the development issuer of a running local runtime for a token, and prints it.

import { type IssuedToken, MAX_EXPIRES_IN, OWN_CLAIMS, TOKEN_PATH } from '../../local/issuer/development-issuer.ts';
import { UsageError } from '../../local/usage-error.ts';

export type TokenOptions = {
  readonly user: string;
  /** @default none */
  readonly groups?: readonly string[] | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** `team=lamps`, each. @default none */
  readonly claim?: readonly string[] | undefined;
  /** Seconds. */
  readonly expiresIn: number;
  /** The URL of the local runtime. */
  readonly url: string;
  readonly json: boolean;
};

const TIMEOUT_MS = 10_000;

/** Prints the token alone, so that a shell can put it into a header. Throws UsageError for what the user must mend. */
export async function tokenCommand(options: TokenOptions): Promise<void> {
  const issued = await ask(options);
  console.log(options.json ? JSON.stringify(issued) : issued.token);
}

async function ask({ user, groups = [], name, email, claim = [], expiresIn, url }: TokenOptions): Promise<IssuedToken> {
  if (!(expiresIn <= MAX_EXPIRES_IN)) throw new UsageError(`--expires-in has at most ${MAX_EXPIRES_IN} seconds`);
  const asked = { user, groups, name, email, claims: Object.fromEntries(claim.map(readClaim)), expires_in: expiresIn };
  const response = await post(url, asked);
  const answer = (await response.json().catch(() => ({}))) as { readonly message?: string };
  if (response.status === 200) return answer as unknown as IssuedToken;
  if (response.status === 400 && answer.message !== undefined) throw new UsageError(answer.message);
  const why = answer.message ?? `status ${response.status}`;
  throw new UsageError(
    `${url} gives no tokens (${why}); is it \`npm start\` of an API with auth.oidc, without --oidc-issuer?`,
  );
}

async function post(url: string, body: object): Promise<Response> {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new UsageError(`--url ${url} is no URL; for example http://127.0.0.1:3000`);
  try {
    return await fetch(new URL(TOKEN_PATH, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new UsageError(`nothing answers at ${url}; start the API with \`npm start\`, or say where it is with --url`);
  }
}

/** Parses a claim, its value as JSON if it is JSON: `team=lamps` → "lamps", `level=3` → 3. */
function readClaim(text: string): readonly [string, unknown] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--claim ${text}: must be NAME=VALUE`);
  const [name, value] = [text.slice(0, equals), text.slice(equals + 1)];
  if (OWN_CLAIMS.includes(name)) throw new UsageError(`--claim ${text}: ${name} is the issuer's own claim`);
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}
