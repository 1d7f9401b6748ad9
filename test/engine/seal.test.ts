// The key that a deployment seals with: made once by whoever needs it first, read by all, and read again after a while.

import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSeal } from '../../lib/store/crypto/seal.ts';
import { world } from '../../lib/store/world.ts';
import { useEngine } from '../support/engine.ts';

const engine = useEngine();
const keyed = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
};
const Key = { id: { S: 'seal-key' } };
const FIVE_MINUTES = 300_000_000;
let table = '';
let ahead = 0;

beforeEach(async () => {
  table = await engine.createTable('requests', keyed);
  ahead = 0;
});

const newRing = (client = engine.client) => createSeal(client, table, { ...world, now: () => world.now() + ahead });
const newSeal = (client = engine.client) => newRing(client).seal;
const storedKey = async () =>
  (await engine.client.send(new GetItemCommand({ TableName: table, Key }))).Item?.['key']?.B;

describe('the seal key', () => {
  it('of twenty functions that need it first is one', async () => {
    const sealed = await Promise.all(Array.from({ length: 20 }, () => newSeal()('text')));
    expect(new Set(sealed).size).toBe(1);
    expect(await newSeal()('text')).toBe(sealed[0]);
    expect(await storedKey()).toHaveLength(32);
  });

  it('seals each text its own way, in 43 characters that a header takes', async () => {
    const seal = newSeal();
    const sealed = [await seal('etag a'), await seal('etag b'), await seal('')];
    expect(new Set(sealed).size).toBe(3);
    for (const text of sealed) expect(text).toMatch(/^[\w-]{43}$/);
  });

  it('is another in another deployment', async () => {
    const here = await newSeal()('text');
    table = await engine.createTable('requests', keyed);
    expect(await newSeal()('text')).not.toBe(here);
  });

  it('that is deleted is replaced within five minutes', async () => {
    const seal = newSeal();
    const old = await seal('text');
    await engine.client.send(new DeleteItemCommand({ TableName: table, Key }));
    expect(await seal('text')).toBe(old);
    ahead = FIVE_MINUTES + 1_000_000;
    const next = await seal('text');
    expect(next).not.toBe(old);
    expect(await newSeal()('text')).toBe(next);
  });

  it('that could not be had is asked for again by the next', async () => {
    let fails = true;
    const fault = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const send = (command: GetItemCommand) => (fails ? Promise.reject(fault) : engine.client.send(command));
    const seal = newSeal({ send } as unknown as DynamoDBClient);
    await expect(seal('text')).rejects.toMatchObject({ code: 'throttled' });
    fails = false;
    expect(await seal('text')).toBe(await newSeal()('text'));
  });

  it.each([
    ['short', { B: new Uint8Array(16) }],
    ['of another type', { S: 'x'.repeat(64) }],
  ])('that is no key is a defect, and is not written over: %s', async (_, key) => {
    await engine.client.send(new PutItemCommand({ TableName: table, Item: { ...Key, key } }));
    await expect(newSeal()('text')).rejects.toThrow('holds no key of 32 bytes');
    expect((await engine.client.send(new GetItemCommand({ TableName: table, Key }))).Item?.['key']).toEqual(key);
  });
});

describe('a token', () => {
  it('opens under its own context alone, in every function of the deployment', async () => {
    const token = await newRing().encrypt('a place', 'of jane');
    expect(await newRing().decrypt(token, 'of jane')).toBe('a place');
    expect(await newRing().decrypt(token, 'of max')).toBeUndefined();
    expect(token).not.toContain(Buffer.from('a place').toString('base64url').slice(0, 6));
  });

  it('does not open once a single character of it is another', async () => {
    const ring = newRing();
    const token = await ring.encrypt('a place', 'x');
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'A' ? 'B' : 'A';
      expect(await ring.decrypt(token.slice(0, at) + other + token.slice(at + 1), 'x'), String(at)).toBeUndefined();
    }
    for (const text of ['', 'x', `${token}A`, `${token}=`, token.slice(0, -2), `${token} `]) {
      expect(await ring.decrypt(text, 'x'), text).toBeUndefined();
    }
  });

  it('differs each time, though it says the same', async () => {
    const ring = newRing();
    expect(await ring.encrypt('a', 'x')).not.toBe(await ring.encrypt('a', 'x'));
  });

  it('of the key before opens as long as its row has that key, in functions that had only the old one too', async () => {
    const [early, late] = [newRing(), newRing()];
    const old = await early.encrypt('a place', 'x');
    await late.seal('reads the key');
    const key = new Uint8Array(32).fill(7);
    const row = { ...Key, key: { B: key }, previous: { B: (await storedKey()) as Uint8Array } };
    await engine.client.send(new PutItemCommand({ TableName: table, Item: row }));
    const fresh = newRing();
    expect(await fresh.decrypt(old, 'x')).toBe('a place');
    const token = await fresh.encrypt('another', 'x');
    ahead = 11_000_000;
    expect(await late.decrypt(token, 'x')).toBe('another');
    await engine.client.send(new PutItemCommand({ TableName: table, Item: { ...Key, key: { B: key } } }));
    expect(await newRing().decrypt(old, 'x')).toBeUndefined();
  });
});
