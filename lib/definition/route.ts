// Parses route templates such as `/item/{id}`: literal segments and parameters, in API Gateway's syntax without its greedy form.
// Also canonicalizes the paths that requests name.

export type Segment = { readonly literal: string } | { readonly parameter: string };

const LITERAL = /^[A-Za-z0-9._~:@-]+$/;
const PARAMETER = /^\{([A-Za-z0-9._-]+)\}$/;

/** Parses a route: `/item/{id}` → `[{ literal: 'item' }, { parameter: 'id' }]`. Returns a text if it has a fault. */
export function parseRoute(route: string): readonly Segment[] | string {
  if (!route.startsWith('/') || route === '/') return 'a route begins with "/" and has at least one segment';
  const segments: Segment[] = [];
  for (const text of route.slice(1).split('/')) {
    const parameter = PARAMETER.exec(text)?.[1];
    if (parameter !== undefined) segments.push({ parameter });
    else if (LITERAL.test(text) && text !== '.' && text !== '..') segments.push({ literal: text });
    else return `the segment '${text}' is neither text of A-Z a-z 0-9 . _ ~ : @ - nor one {parameter}`;
  }
  const names = segments.flatMap((segment) => ('parameter' in segment ? [segment.parameter] : []));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  return twice === undefined ? segments : `the parameter {${twice}} stands twice`;
}

/** Returns the names of a route's parameters, in order. */
export function routeParameters(route: string): readonly string[] {
  return [...route.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string);
}

/**
 * Fills a template with decoded parameters, which gives the canonical path. A slash inside a parameter is written `%2F`, so
 * that no value can pass for two segments.
 */
export function fillRoute(route: string, parameters: ReadonlyMap<string, string>): string {
  return route.replace(/\{([^}]+)\}/g, (_, name: string) => encodeSlash(parameters.get(name) ?? ''));
}

/**
 * Canonicalizes a path of a URL: `/item/a%20b/` → `/item/a b`. One slash at its end is ignored.
 */
export function canonicalPath(path: string): string | { readonly fault: string } {
  if (!path.startsWith('/')) return { fault: 'must be a path that begins with "/"' };
  if (/[?#]/.test(path)) return { fault: 'must be a path alone, without "?" and "#"' };
  const segments = path
    .replace(/(?<=.)\/$/, '')
    .slice(1)
    .split('/')
    .map(parseSegment);
  const wrong = segments.find((segment) => typeof segment !== 'string');
  if (wrong !== undefined) return wrong;
  return segments.map((segment) => `/${encodeSlash(segment as string)}`).join('');
}

/** Decodes and checks one segment of a path: `a%20b` → `a b`. */
export function parseSegment(encoded: string): string | { readonly fault: string } {
  try {
    return checkSegment(decodeURIComponent(encoded));
  } catch {
    return { fault: 'is not valid percent-encoded UTF-8' };
  }
}

/** Checks a decoded segment, and returns it if it may stand in a path. */
export function checkSegment(text: string): string | { readonly fault: string } {
  if (text === '') return { fault: 'is empty, or has an empty segment' };
  if (text === '.' || text === '..') return { fault: 'is a dot segment, or has one' };
  const isControl = (character: string) => character < ' ' || character === '\u007f';
  return [...text].some(isControl) ? { fault: 'has a control character' } : text;
}

/** Encodes slashes, and percent signs that would look like part of an encoded slash: different segments stay different. */
function encodeSlash(segment: string): string {
  return segment.replace(/%(?=2[fF5])/g, '%25').replaceAll('/', '%2F');
}
