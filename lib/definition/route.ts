// Route templates: `/item/{id}`. Literal segments and parameters, in API Gateway's syntax without its greedy form.

export type Segment = { readonly literal: string } | { readonly parameter: string };

const LITERAL = /^[A-Za-z0-9._~:@-]+$/;
const PARAMETER = /^\{([A-Za-z0-9._-]+)\}$/;

/** The segments of a route, or what is wrong with it. */
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

/** The names of a route's parameters, in order. */
export function routeParameters(route: string): readonly string[] {
  return [...route.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string);
}

/**
 * The canonical path: the template filled with decoded parameters. A slash inside a parameter is `%2F`, so that no
 * value can pass for two segments.
 */
export function fillRoute(route: string, parameters: ReadonlyMap<string, string>): string {
  return route.replace(/\{([^}]+)\}/g, (_, name: string) => (parameters.get(name) ?? '').replaceAll('/', '%2F'));
}
