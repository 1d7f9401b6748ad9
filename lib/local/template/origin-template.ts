// The one template with logic that the stack makes (lib/infra/cors.ts): a header that is the origin of the request, if
// that is one of several. Any other template with logic is refused, so that nothing runs here that means something else.

const HEAD = [
  '#set($origin = $input.params().header.get("Origin"))',
  '#if(!$origin)#set($origin = $input.params().header.get("origin"))#end',
];
const LAST = /^#if\((.+)\)#set\(\$context\.responseOverride\.header\.Access-Control-Allow-Origin = \$origin\)#end$/;
const TEST = /^\$origin == "([^"$#\\]+)"$/;

/** The origins that a template allows; `undefined` if it has another form. */
export function readOriginTemplate(template: string): readonly string[] | undefined {
  const lines = template.split('\n');
  const tests = LAST.exec(lines.pop() ?? '')?.[1]
    ?.split(' || ')
    .map((test) => TEST.exec(test)?.[1]);
  if (lines.join('\n') !== HEAD.join('\n') || !tests) return undefined;
  return tests.every((origin) => origin !== undefined) ? tests : undefined;
}

/** The header that the template sets for a request from an origin. */
export function originHeader(
  origins: readonly string[],
  origin: string | undefined,
): readonly (readonly [string, string])[] {
  return origin !== undefined && origins.includes(origin) ? [['Access-Control-Allow-Origin', origin]] : [];
}
