// Who can find an engine that takes any credentials.

import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { startEngine } from '../../../../lib/local/engine/engine.ts';
import { LOCAL_CREDENTIALS } from '../../../../lib/local/engine/engine-credentials.ts';
import { findLaunch, isInstalled } from '../../../../lib/local/engine/engine-launch.ts';
import { hiddenPlace } from '../../../../lib/local/engine/engine-place.ts';

vi.mock('../../../../lib/local/engine/engine-place.ts', async (original) => {
  const real = await original<typeof import('../../../../lib/local/engine/engine-place.ts')>();
  return { ...real, hiddenPlace: vi.fn(real.hiddenPlace) };
});

const clientAt = (endpoint: string) =>
  new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: LOCAL_CREDENTIALS, maxAttempts: 1 });

async function createTable(endpoint: string, TableName: string): Promise<void> {
  const AttributeDefinitions = [{ AttributeName: 'id', AttributeType: 'S' as const }];
  const KeySchema = [{ AttributeName: 'id', KeyType: 'HASH' as const }];
  const input = { TableName, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' as const };
  await clientAt(endpoint).send(new CreateTableCommand(input));
}

/** None where nothing answers; some other engine may. */
async function tablesAt(endpoint: string): Promise<readonly string[]> {
  const answer = clientAt(endpoint).send(new ListTablesCommand({}));
  return await answer.then(
    ({ TableNames = [] }) => TableNames,
    () => [],
  );
}

const canHide = (await hiddenPlace()) !== undefined;

describe.runIf(canHide && isInstalled('dynoxide'))('where the system has many loopback addresses', () => {
  it('two engines are on addresses and ports that say nothing of each other, and on no other address', async () => {
    const engines = await Promise.all([startEngine({ kind: 'dynoxide' }), startEngine({ kind: 'dynoxide' })]);
    const urls = engines.map(({ endpoint }) => new URL(endpoint));
    expect(urls[0]?.hostname).not.toBe(urls[1]?.hostname);
    for (const { hostname, port } of urls) {
      expect(hostname).toMatch(/^127\.[1-9]\d*\.[1-9]\d*\.[1-9]\d*$/);
      const table = `here-${randomUUID()}`;
      await createTable(`http://${hostname}:${port}`, table);
      expect(await tablesAt(`http://${hostname}:${port}`)).toEqual([table]);
      for (const near of ['127.0.0.1', '[::1]', 'localhost', '0.0.0.0'])
        expect(await tablesAt(`http://${near}:${port}`)).not.toContain(table);
    }
    expect(engines.map(({ isExposed }) => isExposed)).toEqual([false, false]);
    await Promise.all(engines.map((engine) => engine.stop()));
  });
});

describe('where the system has one loopback address', () => {
  it('an engine for private data is none that takes any credentials', () => {
    const find = () => findLaunch({ kind: undefined, dataDirectory: undefined, prefersDynoxide: false });
    if (isInstalled('dynamodb-local')) expect(find().kind).toBe('dynamodb-local');
    else expect(find).toThrow(/install Java/);
  });

  it.runIf(isInstalled('dynoxide'))('it is taken when it is named, and known to be exposed', async () => {
    vi.mocked(hiddenPlace).mockResolvedValue(undefined);
    const engine = await startEngine({ kind: 'dynoxide', isPrivate: true });
    expect([new URL(engine.endpoint).hostname, engine.isExposed]).toEqual(['127.0.0.1', true]);
    await engine.stop();
  });
});
