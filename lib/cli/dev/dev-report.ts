// Prints the report of the local runtime when it is ready: its URL, its routes, and a command to try.

import { textOf } from '../../base/value.ts';
import type { Api } from '../../definition/api.ts';
import type { Engine } from '../../local/engine/engine.ts';
import { ISSUER_PATH } from '../../local/issuer/development-issuer.ts';
import type { CloudModel } from '../../local/template/template.ts';
import type { Seed } from '../seed/seed.ts';

export type Report = {
  readonly host: string;
  readonly port: number;
  readonly model: CloudModel;
  readonly engine: Engine;
  readonly seed: Seed;
  readonly api: Api;
  /** The issuer whose tokens are accepted; `undefined` if the API accepts none. */
  readonly issuer: string | undefined;
};

export function report({ host, port, model, engine, seed, api, issuer }: Report): void {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  console.log(`Tablegate ready on ${url}\n`);
  for (const line of routeLines(model, api)) console.log(line);
  console.log(`\nThe tables are on ${engine.endpoint}, access key id ${engine.credentials.accessKeyId}`);
  if (issuer !== undefined) console.log(`Tokens are those of ${issuer}`);
  console.log(`\n${advice(url, model, seed, issuer)}`);
}

function routeLines(model: CloudModel, api: Api): readonly string[] {
  const routes = model.routes.length > 0 ? model.routes : (model.httpApi?.routes ?? []);
  const rows = routes.flatMap(({ resource, methods }) =>
    [...methods]
      // ANY only says that a method is not allowed, and HEAD goes wherever GET does.
      .filter(([method]) => method !== 'ANY' && method !== 'HEAD')
      .map(([method]) => [method, resource, purpose(method, resource, api)] as const),
  );
  const methodWidth = Math.max(0, ...rows.map(([method]) => method.length));
  const width = Math.max(0, ...rows.map(([, resource]) => resource.length));
  return rows.map(([method, resource, what]) => {
    return `  ${method.padEnd(methodWidth)}  ${resource.padEnd(width)}  ${what}`.trimEnd();
  });
}

function purpose(method: string, resource: string, api: Api): string {
  const endpoint = api.endpoints.find((each) => each.method === method && each.route === resource);
  return endpoint ? `${endpoint.operation} ${endpoint.table?.name ?? ''}`.trimEnd() : '';
}

function advice(url: string, model: CloudModel, seed: Seed, issuer: string | undefined): string {
  const [key] = model.routes.length > 0 ? seed.apiKeys : [];
  const person = issuer?.endsWith(ISSUER_PATH) ? personOf(seed) : undefined;
  const routes = [...model.routes, ...(model.httpApi?.routes ?? [])];
  const readable = routes.filter(({ methods }) => methods.has('GET')).map(({ resource }) => resource);
  const path = readable.find((resource) => !resource.includes('{')) ?? readable[0] ?? '/';
  const token = person && `npx tablegate token${person}${url.endsWith(':3000') ? '' : ` --url ${url}`}`;
  const lines = [
    ...(key ? [`  curl -H 'x-api-key: ${key.value}' '${url}${path}'`] : []),
    ...(token === undefined ? [] : [`  curl -H "Authorization: Bearer $(${token})" '${url}${path}'`]),
  ];
  if (lines.length > 0) return `Try:\n${lines.join('\n')}`;
  const none = 'No API keys and no records: nobody can call. Give a seed file with --seed FILE';
  return issuer === undefined ? none : `${none}, then send a token of the issuer as a bearer token to ${url}${path}`;
}

/** Options for a token that the seed's records permit something: jane in the first group that they know, or its first user. */
function personOf({ auth }: Seed): string | undefined {
  const idOf = (type: string) =>
    auth.flatMap((item) => (textOf(item, 'type') === type ? [textOf(item, 'id')] : [])).find(isPlain);
  const [group, user] = [idOf('OIDC_GROUP'), idOf('USERNAME')];
  if (group !== undefined) return ` --user jane --groups ${group}`;
  return user === undefined ? undefined : ` --user ${user}`;
}

/** Returns true if a shell reads the text as one plain word. */
function isPlain(text: string | undefined): boolean {
  return text !== undefined && /^[\w.@-]+$/.test(text);
}
