// The program as users run it, killed in the middle of its work: the engine, the runtime with all its functions, single
// workers. What was acknowledged is there, nothing is torn, and it goes on where it was.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Item } from '../../lib/base/value.ts';
import { EXAMPLE_API, EXAMPLE_SEED } from '../../lib/cli/files.ts';
import { writeRows } from '../../lib/cli/seed/seed-write.ts';
import { startEngine } from '../../lib/local/engine/engine.ts';
import { createTables, localClient } from '../../lib/local/engine/tables.ts';
import { type LocalFunction, localFunction } from '../../lib/local/function/function.ts';
import { startGateway } from '../../lib/local/gateway/gateway.ts';
import { synthesize } from '../../lib/local/template/synth.ts';
import { readTemplate } from '../../lib/local/template/template.ts';
import { keyRecord, type Received } from '../support/api.ts';
import { commandOf, descendants, isRunning, startDev } from '../support/command.ts';
import { expectOneStory, type Stored, stateIn } from '../support/one-story.ts';
import { proved, runs } from '../support/proof.ts';
import { type Race, race, type Seen } from '../support/racers.ts';
import { FIRST_SEED, seeded } from '../support/seeded.ts';
import { item } from '../support/values.ts';

const folder = mkdtempSync(join(tmpdir(), 'tablegate-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const IDS = ['one', 'two', 'three'];
/** What a client that got no answer knows: that it may come back. */
const NO_ANSWER = { status: 503, text: '', json: undefined, headers: { 'Retry-After': '1' } };

const TIMEOUT = 180_000 * runs(1);

type Seed = { readonly tables: { readonly items: Record<string, unknown>[] } };

let sent = 0;

/** Requests over HTTP. Each is known in the audit by its user agent, also where no answer came. */
function sender(url: string, key: string, told: (answers: number, changes: number) => void): Race['send'] {
  let [answers, changes] = [0, 0];
  return async (method, path, { headers = {}, body }) => {
    sent += 1;
    const name = `racer-${sent}`;
    const all = { ...headers, 'x-api-key': key, 'user-agent': name, 'content-type': 'application/json' };
    const init = { method, headers: all, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${url}${path}`, init).then(received, () => NO_ANSWER);
    answers += 1;
    if (method !== 'GET' && answer.status < 300) changes += 1;
    told(answers, changes);
    return { ...answer, headers: { ...answer.headers, 'X-Request-Id': name } };
  };
}

/** Answers of the gateway in the place of a function that is gone leave open what it did. */
async function received(response: Response): Promise<Received> {
  const text = await response.text();
  if (response.status === 502 || response.status === 504) return { ...NO_ANSWER, text };
  const names = ['ETag', 'Idempotency-Replayed', 'Retry-After'];
  const headers = names.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return {
    status: response.status,
    text,
    json: text === '' ? undefined : JSON.parse(text),
    headers: Object.fromEntries(headers),
  };
}

async function scan(endpoint: string, TableName: string): Promise<Item[]> {
  const client = localClient(endpoint);
  const rows: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName }))
    rows.push(...(Items as unknown as Item[]));
  client.destroy();
  return rows;
}

/** Both tables, the audit's requests named as `sender` names them. */
async function storedAt(endpoint: string): Promise<Stored> {
  const rows = await scan(endpoint, 'audit');
  const auditRows = rows.map((row) => ({
    ...row,
    request_id: (row['user'] as { M: Item }).M['user_agent'] as { S: string },
  }));
  return { items: await scan(endpoint, 'items'), auditRows };
}

const startsIn = (items: readonly Item[]) => new Map(IDS.map((id) => [id, stateIn(items, id)]));
const acknowledged = (seen: readonly Seen[]) => seen.filter(({ answer }) => answer.status < 300).length;
const lost = (seen: readonly Seen[]) => seen.filter(({ answer }) => answer.status === 503).length;

describe('tablegate dev on data that is kept', () => {
  const data = join(folder, 'data');
  const seed = seeded(FIRST_SEED);
  /** What is there before. */
  const seeds = (JSON.parse(readFileSync(EXAMPLE_SEED, 'utf8')) as Seed).tables.items.map((row) =>
    item({ ...row, _v: 1 }),
  );

  async function onData<T>(work: (endpoint: string) => Promise<T>): Promise<T> {
    const engine = await startEngine({ dataDirectory: data });
    try {
      return await work(engine.endpoint);
    } finally {
      await engine.stop();
    }
  }

  /** A load in the middle of which one of the processes is killed; what is left on the disk is one story with what was told. */
  async function killAmid(name: string, kill: (pid: number, engine: number) => void) {
    const api = await startDev('--data', data);
    const pid = api.process.pid ?? 0;
    const children = descendants(pid);
    const engine = children.find((child) => /--?db-?path/i.test(commandOf(child))) ?? 0;
    expect(engine).toBeGreaterThan(0);
    const moment = 10 + seed.below(15);
    let isAlive = true;
    const send = sender(api.url, 'admin-dev-key', (_, changes) => {
      if (isAlive && changes === moment) kill(pid, engine);
      isAlive &&= changes < moment;
    });
    const seen = await race({ send, as: '', clients: 6, requests: 20, ids: IDS, seed, name });
    await api.stop();
    await vi.waitFor(() => expect(children.filter(isRunning)).toEqual([]), { timeout: 10_000 });
    expect([acknowledged(seen) >= moment, lost(seen) > 0]).toEqual([true, true]);
    return seen;
  }

  it(
    'loses nothing when it is killed, or its engine, leaves nothing running, and starts again',
    async () => {
      for (let round = 0; round < runs(1); round += 1) {
        for (const victim of ['runtime', 'engine'] as const) {
          const before = existsSync(data) ? await onData((endpoint) => scan(endpoint, 'items')) : [];
          const seen = await killAmid(`${victim}-${FIRST_SEED}-${round}`, (pid, engine) => {
            process.kill(victim === 'engine' ? engine : pid, 'SIGKILL');
          });
          expectOneStory(seen, { ...(await onData(storedAt)), seeded: seeds }, startsIn(before));
          const figures = { kills: 1, requests: seen.length, acknowledged: acknowledged(seen), lost: 0 };
          proved(`kill -9 of the ${victim}`, figures);
        }
      }
    },
    TIMEOUT,
  );
});

describe('workers', () => {
  /** A function whose workers, all of them, can be ended at once; the next call finds new ones. */
  function mortal(make: () => LocalFunction): LocalFunction & { kill(): Promise<void> } {
    let function_ = make();
    return {
      invoke: (payload, waitMs) => function_.invoke(payload, waitMs),
      stop: () => function_.stop(),
      kill: () => {
        const victim = function_;
        function_ = make();
        return victim.stop();
      },
    };
  }

  it(
    'that end in the middle of a call lose nothing that was acknowledged',
    async () => {
      const seed = seeded(FIRST_SEED);
      const assembly = await synthesize(EXAMPLE_API, new AbortController().signal);
      const engine = await startEngine({});
      const model = readTemplate(assembly.directory);
      const client = localClient(engine.endpoint);
      await createTables(client, model.tables);
      await writeRows(client, [{ table: 'auth', rows: [item(keyRecord('key-admin'))] }]);
      const quiet = { endpoint: engine.endpoint, print: () => {}, log: () => {} };
      const functions = new Map(
        [...model.functions].map(([id, each]) => [id, mortal(() => localFunction({ ...quiet, model: each }))]),
      );
      const apiKeys = [{ id: 'key-admin', value: 'key' }];
      const gateway = await startGateway({ model, apiKeys, functions, host: '127.0.0.1', port: 0, log: () => {} });
      const deaths: Promise<void>[] = [];
      const send = sender(`http://127.0.0.1:${gateway.port}`, 'key', (answers) => {
        if (answers % 7 === 0) for (const each of functions.values()) if (seed.below(3) === 0) deaths.push(each.kill());
      });
      for (let round = 0; round < runs(1); round += 1) {
        const starts = startsIn(await scan(engine.endpoint, 'items'));
        const seen = await race({
          send,
          as: '',
          clients: 6,
          requests: 12,
          ids: IDS,
          seed,
          name: `workers-${FIRST_SEED}-${round}`,
        });
        await Promise.all(deaths.splice(0));
        expect([acknowledged(seen) > 0, lost(seen) > 0]).toEqual([true, true]);
        expectOneStory(seen, await storedAt(engine.endpoint), starts);
        proved('workers that end amid calls', {
          requests: seen.length,
          acknowledged: acknowledged(seen),
          unanswered: lost(seen),
          lost: 0,
        });
      }
      await gateway.stop();
      await Promise.all([...functions.values()].map((each) => each.stop()));
      client.destroy();
      await engine.stop();
      await assembly.remove();
    },
    TIMEOUT,
  );
});
