// Makes the headers that let a web page of another origin read an answer; none without `cors` in the definition.

import { type Cors, EXPOSED_HEADERS } from '../definition/cors.ts';
import { fields } from './gateway-event.ts';

/** @param event the gateway event that is answered */
export function corsHeaders(cors: Cors | undefined, event: unknown): Readonly<Record<string, string>> {
  if (!cors) return {};
  const exposed = { 'Access-Control-Expose-Headers': EXPOSED_HEADERS.join(', ') };
  if (cors.origins.includes('*')) return { 'Access-Control-Allow-Origin': '*', ...exposed };
  const origin = originOf(event);
  // In every answer, because a cache must not serve one origin the answer for another.
  const vary = { Vary: 'Origin' };
  if (origin === undefined || !cors.origins.includes(origin)) return vary;
  return { 'Access-Control-Allow-Origin': origin, ...exposed, ...vary };
}

function originOf(event: unknown): string | undefined {
  const named = Object.entries(fields(fields(event)['headers'])).filter(([name]) => name.toLowerCase() === 'origin');
  const [first, ...others] = named.map(([, value]) => value);
  return typeof first === 'string' && others.length === 0 ? first : undefined;
}
