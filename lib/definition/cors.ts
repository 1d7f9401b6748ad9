// From which web pages browsers may call an API (the CORS protocol of the Fetch standard).

export type Cors = {
  /** Exact origins, or `*` alone for every page. */
  readonly origins: readonly string[];
};

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(?::\d{1,5})?$/;

/** What is wrong with an API's `cors` option, or undefined. */
export function corsFault({ origins }: Cors): string | undefined {
  if (origins.length === 0) return 'cors.origins is empty; leave cors out where no page may call';
  if (origins.includes('*')) return origins.length === 1 ? undefined : 'cors.origins has "*", and others beside it';
  const wrong = origins.find((origin) => !isOrigin(origin));
  if (wrong === undefined) return undefined;
  return `cors.origins: '${wrong}' is no origin; write scheme and host as browsers do: https://app.example.com`;
}

/** Browsers leave out a path, capitals and the scheme's own port: an origin with one would never be met. */
function isOrigin(text: string): boolean {
  if (!ORIGIN.test(text) || !URL.canParse(text)) return false;
  return !/^https?:/.test(text) || new URL(text).origin === text;
}

/** The origin that answers are open to, whoever asks; undefined where it depends on who asks. */
export function onlyOrigin({ origins }: Cors): string | undefined {
  return origins.length === 1 ? origins[0] : undefined;
}

/** Headers of answers that a page may read beside those that every page may. */
export const EXPOSED_HEADERS = [
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'Retry-After',
  'X-Request-Id',
  'X-Total-Count',
];

/** Headers that a page may send. */
export const SENT_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'X-Api-Key',
];
