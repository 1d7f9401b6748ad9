// Reads and makes cursors, and prints the link to the next page.

import type { Principal } from '../../access/principal.ts';
import { ApiError } from '../../base/errors.ts';
import { type CursorContext, parseCursor, printContext, printCursor } from '../../query/cursor.ts';
import { MAX_ADDRESS_BYTES } from '../request/location.ts';
import type { RequestContext } from '../request/request-context.ts';

export class Cursor {
  readonly #visit: RequestContext;
  readonly #context: string;

  /** @param plan the plan's fingerprint: a cursor is valid only for the plan that it came from */
  constructor(visit: RequestContext, principal: Principal, plan: string) {
    const { endpoint, call } = visit;
    const { pathParameters, query, body } = call;
    const context: CursorContext = {
      caller: principal,
      endpoint: `${endpoint.method} ${endpoint.route}`,
      table: endpoint.table?.name ?? '',
      pathParameters,
      query,
      body,
      plan,
    };
    this.#visit = visit;
    this.#context = printContext(context);
  }

  /**
   * Returns the position in a cursor; `undefined` if none was sent.
   * @throws ApiError `invalid_cursor`
   */
  async read(sent: string | undefined): Promise<object | undefined> {
    if (sent === undefined) return undefined;
    const { ports, startedAt } = this.#visit;
    return parseCursor(await ports.decrypt(sent, this.#context), startedAt / 1e6);
  }

  /**
   * Returns the address of the next page, the same path and query with a cursor: `/prod/items?color=red&_cursor=…`.
   * @throws ApiError `invalid_query` if it is too long for a gateway
   */
  async link(place: object): Promise<string> {
    const { ports, startedAt, call, endpoint } = this.#visit;
    const token = await ports.encrypt(printCursor(place, startedAt / 1e6), this.#context);
    const query = [...call.query.filter(([name]) => name !== '_cursor'), ['_cursor', token] as const];
    const path = endpoint.route.replace(/\{([^}]+)\}/g, (_, name: string) =>
      encode(call.pathParameters.get(name) ?? ''),
    );
    const link = `${call.basePath}${path}?${query.map((pair) => pair.map(encode).join('=')).join('&')}`;
    if (link.length > MAX_ADDRESS_BYTES) throw tooLong(link.length);
    return link;
  }
}

function tooLong(bytes: number): ApiError {
  const sizes = `${bytes.toLocaleString('en-US')} bytes, and ${MAX_ADDRESS_BYTES.toLocaleString('en-US')} is the most`;
  const fix = 'shorten the query, narrow it to what fits in one page, or search by a list of values (POST)';
  return new ApiError('invalid_query', `there is a next page, but its address has ${sizes}: ${fix}`);
}

/** Percent-encodes as `encodeURIComponent` does, and also `!'()*`, some of which end a URL in a header. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
