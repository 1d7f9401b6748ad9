// The path of a request as an HTTP API sees it. As captured on AWS (hotsock/voker, vokerhttp/testdata/ingress-paths.json)
// it is decoded twice, and between the two what follows a question mark is lost: routes are matched on what remains, so
// that no path parameter holds a slash.

/** Decodes a path; `undefined` if AWS would answer it with 400. `/item/a%2520b` → `/item/a b`. */
export function httpApiPath(sent: string): string | undefined {
  const [path] = decode(sent)?.split('?') ?? [];
  return path === undefined ? undefined : decode(path);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
