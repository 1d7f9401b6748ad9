// One DynamoDB engine for a test file: started before its first test, stopped after its last.

import { randomUUID } from 'node:crypto';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { type Engine, startEngine } from '../../lib/local/engine/engine.ts';
import { type EngineKind, isInstalled } from '../../lib/local/engine/engine-launch.ts';

export type TestEngine = {
  /** URL of the engine; known once the tests run. */
  readonly endpoint: string;
  readonly kind: Engine['kind'];
  /** A low-level client, made at first use. */
  readonly client: DynamoDBClient;
  /** Creates an on-demand table and gives its unique name, which begins with `prefix`. */
  createTable(prefix: string, input: Omit<CreateTableCommandInput, 'TableName'>): Promise<string>;
};

const START_TIMEOUT_MS = 40_000;

/** Whether Amazon's DynamoDB Local can run here: it is an optional package, and needs Java. */
export function hasDynamodbLocal(): boolean {
  return isInstalled('dynamodb-local');
}

/**
 * Call at the top of a test file.
 * @param kind the engine that a test is about. @default as TABLEGATE_TEST_ENGINE says; DYNAMODB_ENDPOINT gives a running one
 */
export function useEngine(kind?: EngineKind): TestEngine {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  let engine: Engine | undefined;
  let client: DynamoDBClient | undefined;

  beforeAll(async () => {
    const endpoint = kind === undefined ? process.env['DYNAMODB_ENDPOINT'] : undefined;
    engine = await startEngine({ endpoint, kind: kind ?? wantedKind() });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    client?.destroy();
    await engine?.stop();
  });

  const started = (): Engine => {
    if (!engine) throw new Error('the engine runs only while tests run: use it inside a test or hook');
    return engine;
  };
  const connected = (): DynamoDBClient => {
    client ??= newClient(started().endpoint);
    return client;
  };
  return {
    get endpoint() {
      return started().endpoint;
    },
    get kind() {
      return started().kind;
    },
    get client() {
      return connected();
    },
    async createTable(prefix, input) {
      const TableName = `${prefix}-${randomUUID()}`;
      await connected().send(new CreateTableCommand({ BillingMode: 'PAY_PER_REQUEST', ...input, TableName }));
      return TableName;
    },
  };
}

function newClient(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
}

function wantedKind(): EngineKind | undefined {
  const kind = process.env['TABLEGATE_TEST_ENGINE'];
  if (kind === undefined || kind === '' || kind === 'dynoxide' || kind === 'dynamodb-local') return kind || undefined;
  throw new Error(`TABLEGATE_TEST_ENGINE is ${JSON.stringify(kind)}; it must be dynoxide or dynamodb-local`);
}
