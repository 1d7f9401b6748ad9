// The web pages from which browsers may call an API (the CORS protocol of the Fetch standard).

export type Cors = {
  /** Exact origins, or `*` alone for every page. */
  readonly origins: readonly string[];
};

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(?::\d{1,5})?$/;

/** Returns the fault of an API's `cors` option; `undefined` if there is none. */
export function corsFault({ origins }: Cors): string | undefined {
  if (origins.length === 0) return 'cors.origins is empty; leave cors out where no page may call';
  if (origins.includes('*')) return origins.length === 1 ? undefined : 'cors.origins has "*", and others beside it';
  const wrong = origins.find((origin) => !isOrigin(origin));
  if (wrong === undefined) return undefined;
  return `cors.origins: '${wrong}' is no origin; write scheme and host as browsers do: https://app.example.com`;
}

/** True if browsers can send the text as an origin: they leave out a path, capitals and the scheme's default port. */
function isOrigin(text: string): boolean {
  if (!ORIGIN.test(text) || !URL.canParse(text)) return false;
  return !/^https?:/.test(text) || new URL(text).origin === text;
}

/** Returns the only allowed origin, which answers can name without a look at the request; `undefined` if there are several. */
export function onlyOrigin({ origins }: Cors): string | undefined {
  return origins.length === 1 ? origins[0] : undefined;
}

/** Response headers that a page may read, apart from those that CORS always exposes. */
export const EXPOSED_HEADERS = [
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'Retry-After',
  'X-Request-Id',
  'X-Total-Count',
];

/** Request headers that a page may send. */
export const SENT_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'X-Api-Key',
];
