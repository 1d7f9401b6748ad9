// From one page to the next: the place in a cursor, the link with the cursor.

import type { Principal } from '../access/principal.ts';
import { type CursorContext, parseCursor, printContext, printCursor } from '../query/cursor.ts';
import type { Visit } from './session.ts';

export class Cursor {
  readonly #visit: Visit;
  readonly #context: string;

  /** @param plan what tells the plan from others: a cursor goes on in the very plan that it came from */
  constructor(visit: Visit, principal: Principal, plan: string) {
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
   * The place that a cursor holds, or undefined where none was sent.
   * @throws ApiError `invalid_cursor`
   */
  async read(sent: string | undefined): Promise<object | undefined> {
    if (sent === undefined) return undefined;
    const { ports, startedAt } = this.#visit;
    return parseCursor(await ports.decrypt(sent, this.#context), startedAt / 1e6);
  }

  /** Where the next page is: the same path and query with a cursor. */
  async link(place: object): Promise<string> {
    const { ports, startedAt, call, endpoint } = this.#visit;
    const token = await ports.encrypt(printCursor(place, startedAt / 1e6), this.#context);
    const query = [...call.query.filter(([name]) => name !== '_cursor'), ['_cursor', token] as const];
    const path = endpoint.route.replace(/\{([^}]+)\}/g, (_, name: string) =>
      encode(call.pathParameters.get(name) ?? ''),
    );
    return `${call.basePath}${path}?${query.map((pair) => pair.map(encode).join('=')).join('&')}`;
  }
}

/** As `encodeURIComponent`, and what would end the URL in a header. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
