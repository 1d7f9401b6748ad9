// The bundles: the same bytes wherever they are built, the chosen definition inside, and credentials from the
// environment only.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import api from '#api';
import { BUNDLE_FILE, bundle } from '../../lib/infra/bundle.ts';
import { EventStreamSerde, eventStreamSerdeProvider } from '../../lib/infra/no-event-streams.ts';
import { useEngine } from '../support/engine.ts';
import { EXAMPLE } from './synth-api.ts';

const run = promisify(execFile);
const lambdasFolder = dirname(fileURLToPath(new URL('./lambdas/list.ts', import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'tablegate-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const build = (name: string, definitionFile = EXAMPLE): string => {
  const folders = bundle({ operations: ['list'], definitionFile, lambdasFolder, outputFolder: join(folder, name) });
  return join(folders.get('list') ?? '', BUNDLE_FILE);
};

const metafileOf = (name: string): Metafile => JSON.parse(readFileSync(join(folder, name, 'metafile.json'), 'utf8'));

/** The modules of which something is in a bundle. */
const inputsOf = (name: string): string[] =>
  Object.values(metafileOf(name).outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );

/** A DynamoDB that fails at first, and then answers. */
async function stumbling(answer: object) {
  const calls: IncomingMessage[] = [];
  const server = createServer((message, response) => {
    calls.push(message);
    message.resume();
    response.statusCode = calls.length === 1 ? 500 : 200;
    response.end(JSON.stringify(calls.length === 1 ? { __type: 'InternalServerError' } : answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { calls, endpoint, close: () => server.close() };
}

/** Runs a bundle's handler as Lambda does: a process of its own with nothing in its environment but what is given. */
async function invoke(file: string, env: Record<string, string>): Promise<{ stdout: string; stderr: string }> {
  const code = `require(${JSON.stringify(file)}).handler().then((answer) => console.log(JSON.stringify(answer)))`;
  const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  return await run(process.execPath, ['-e', code], { cwd: folder, env: { ...quiet, ...env } });
}

describe('a bundle that calls DynamoDB', () => {
  const engine = useEngine();
  let file = '';
  beforeAll(() => {
    file = build('first');
  });

  test('takes the credentials of its environment and the definition it was built with', async () => {
    const table = await engine.createTable('bundle', {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    });
    const { stdout, stderr } = await invoke(file, {
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: 'token',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    });
    const { tables, endpoints } = JSON.parse(stdout);
    expect(tables).toContain(table);
    expect(endpoints).toBe(api.endpoints.length);
    expect(stderr).toBe('');
  });

  test('says what is missing where there are no credentials', async () => {
    const env = { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint };
    await expect(invoke(file, env)).rejects.toThrow('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set');
  });

  test('signs for the region of its environment, with its session, and tries again where DynamoDB cannot', async () => {
    const server = await stumbling({ TableNames: ['items'] });
    try {
      const { stdout } = await invoke(file, {
        AWS_ACCESS_KEY_ID: 'key',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_SESSION_TOKEN: 'token',
        AWS_REGION: 'eu-west-3',
        AWS_ENDPOINT_URL_DYNAMODB: server.endpoint,
      });
      expect(JSON.parse(stdout).tables).toEqual(['items']);
    } finally {
      server.close();
    }
    expect(server.calls).toHaveLength(2);
    for (const { headers } of server.calls) {
      expect(headers.authorization).toMatch(
        /^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-west-3\/dynamodb\/aws4_request, /,
      );
      expect(headers).toMatchObject({
        'x-amz-security-token': 'token',
        'x-amz-target': 'DynamoDB_20120810.ListTables',
        'content-type': 'application/x-amz-json-1.0',
      });
    }
  });

  test('has a stand-in for streams of events, which says so', () => {
    expect(inputsOf('first').filter((path) => /event-?streams?/.test(path))).toEqual(['lib/infra/no-event-streams.ts']);
    expect(() => eventStreamSerdeProvider()).toThrow('no reader for it');
    expect(() => Reflect.construct(EventStreamSerde, [])).toThrow('no reader for it');
  });

  // What such a module shares with others would be wrapped in functions with it, and nothing of it left out.
  test('imports no other module of its own at run time', () => {
    const { inputs } = metafileOf('first');
    const held = new Set(inputsOf('first'));
    const late = Object.entries(inputs).flatMap(([path, { imports }]) =>
      held.has(path) ? imports.filter(({ kind, external }) => kind === 'dynamic-import' && !external) : [],
    );
    expect(late.map(({ path }) => path)).toEqual(['lib/infra/no-event-streams.ts']);
  });

  test('has no client for any service but DynamoDB', () => {
    const packages = inputsOf('first').map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
    expect(packages).toContain('@aws-sdk/client-dynamodb');
    expect(packages.filter((name) => /credential-provider|nested-clients|token-providers/.test(name ?? ''))).toEqual(
      [],
    );
  });

  test('is the same bytes when it is built again elsewhere', () => {
    expect(readFileSync(build('second')).equals(readFileSync(file))).toBe(true);
  });
});

test('a fault in the sources is one line with its place', () => {
  const definitionFile = join(folder, 'broken.ts');
  writeFileSync(definitionFile, 'export default {};\nconst broken = ;\n');
  expect(() => build('broken', definitionFile)).toThrow(/^the Lambdas cannot be bundled: .*broken\.ts:2: Unexpected/);
});

test('a Lambda that does not exist is named', () => {
  const missing = () => bundle({ operations: ['get'], definitionFile: EXAMPLE, lambdasFolder, outputFolder: folder });
  expect(missing).toThrow(/the Lambdas cannot be bundled: .*get\.ts/);
});

test('the file of a definition is found from where api() was called', () => {
  expect(api.origin.file).toBe(EXAMPLE);
});
