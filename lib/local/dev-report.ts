// What the local runtime prints when it is ready: where it is, its routes, and a command to try.

import type { Api } from '../definition/api.ts';
import type { Seed } from './seed.ts';
import type { CloudModel } from './template.ts';

export type Report = {
  readonly host: string;
  readonly port: number;
  readonly model: CloudModel;
  readonly seed: Seed;
  readonly api: Api;
};

export function report({ host, port, model, seed, api }: Report): void {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  console.log(`Tablegate ready on ${url}\n`);
  for (const line of routeLines(model, api)) console.log(line);
  console.log(`\n${advice(url, model, seed)}`);
}

function routeLines(model: CloudModel, api: Api): readonly string[] {
  const rows = model.routes.flatMap(({ resource, methods }) =>
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

function advice(url: string, model: CloudModel, seed: Seed): string {
  const [key] = seed.apiKeys;
  if (!key) return 'No API keys: nobody can call. Give a seed file with --seed FILE';
  const readable = model.routes.filter(({ methods }) => methods.has('GET')).map(({ resource }) => resource);
  const path = readable.find((resource) => !resource.includes('{')) ?? readable[0] ?? '/';
  return `Try:\n  curl -H 'x-api-key: ${key.value}' '${url}${path}'`;
}
