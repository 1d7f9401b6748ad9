// Signs (HMAC) and encrypts (AES-256-GCM) texts with a deployment's own key. The key is a row of the requests table, and is made
// at the first use.
// Sources: RFC 2104; NIST SP 800-38D.

import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { type DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { pauseBefore } from '../../base/backoff.ts';
import { ApiError } from '../../base/errors.ts';
import { attribute, type Item } from '../../base/value.ts';
import { SEAL_ID } from '../../definition/requests.ts';
import type { Ports } from '../../operations/request/ports.ts';
import type { World } from '../dynamodb/batch-get.ts';
import { findRequest } from '../dynamodb/requests.ts';
import { cancellationCodes, storeError } from '../dynamodb/store-errors.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** The age at which a function reads the key again, so that a rotated key takes effect. */
const KEPT_MICROSECONDS = 300_000_000;
/** The age at which the key is read again after a failed decryption: it may have been rotated. Guesses cause no more reads. */
const DOUBTED_MICROSECONDS = 10_000_000;
const TRIES = 8;
const PAUSES = { first: 10, longest: 160 };

/** The current key, and the previous one, with which older texts are decrypted; `undefined` if the row has none. */
type Keys = { readonly current: Uint8Array; readonly previous: Uint8Array | undefined };

export function createSeal(
  client: DynamoDBClient,
  tableName: string,
  world: World,
): Pick<Ports, 'seal' | 'encrypt' | 'decrypt'> {
  const ring = new KeyRing(() => loadKeys(client, tableName, world), world);
  return {
    seal: async (text) => {
      const { current } = await ring.keys(KEPT_MICROSECONDS);
      return createHmac('sha256', current).update(text).digest('base64url');
    },
    encrypt: async (text, context) => encrypt((await ring.keys(KEPT_MICROSECONDS)).current, text, context),
    decrypt: async (token, context) => {
      const text = open(await ring.keys(KEPT_MICROSECONDS), token, context);
      return text ?? open(await ring.keys(DOUBTED_MICROSECONDS), token, context);
    },
  };
}

/** Caches the keys for a time. */
class KeyRing {
  readonly #load: () => Promise<Keys>;
  readonly #world: World;
  #known: { readonly keys: Promise<Keys>; readonly at: number } | undefined;

  constructor(load: () => Promise<Keys>, world: World) {
    this.#load = load;
    this.#world = world;
  }

  /** Returns the keys. @param age microseconds after which cached keys are read again */
  async keys(age: number): Promise<Keys> {
    const now = this.#world.now();
    if (!this.#known || now > this.#known.at + age) this.#known = { keys: this.#load(), at: now };
    const known = this.#known;
    try {
      return await known.keys;
    } catch (error) {
      // Do not cache a failure: the next request loads the keys again.
      if (this.#known === known) this.#known = undefined;
      throw error;
    }
  }
}

/** Derives the key for encryption, so that signing and encrypting share no key. */
function encryptionKey(key: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update('encrypt').digest();
}

function encrypt(key: Uint8Array, text: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', encryptionKey(key), nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function open({ current, previous }: Keys, token: string, context: string): string | undefined {
  return decrypt(current, token, context) ?? (previous && decrypt(previous, token, context));
}

function decrypt(key: Uint8Array, token: string, context: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url');
  // Refuse any but the canonical spelling of the bytes in base64.
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== token) return undefined;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', encryptionKey(key), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

async function loadKeys(client: DynamoDBClient, tableName: string, world: World): Promise<Keys> {
  const find = findRequest(client, tableName);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const row = await find(SEAL_ID);
    if (row) return keysOf(row);
    await makeKey(client, tableName);
    await world.sleep(pauseBefore(PAUSES, tries, world.random()));
  }
  throw new ApiError('unavailable', undefined, [], 'no seal key could be made');
}

/** Makes the first key. Of several functions that try, one succeeds; all read its key afterwards. */
async function makeKey(client: DynamoDBClient, tableName: string): Promise<void> {
  const Item = { id: { S: SEAL_ID }, key: { B: randomBytes(KEY_BYTES) } };
  const Put = { TableName: tableName, Item, ConditionExpression: 'attribute_not_exists(id)' };
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] }));
  } catch (error) {
    const codes = cancellationCodes(error);
    if (!codes.includes('ConditionalCheckFailed') && !codes.includes('TransactionConflict')) throw storeError(error);
  }
}

function keysOf(row: Item): Keys {
  const current = bytesOf(row, 'key');
  if (!current)
    throw new Error(`the row ${SEAL_ID} of the requests table holds no key of ${KEY_BYTES} bytes; delete it`);
  return { current, previous: bytesOf(row, 'previous') };
}

function bytesOf(row: Item, name: string): Uint8Array | undefined {
  const value = attribute(row, name);
  return value && 'B' in value && value.B.length >= KEY_BYTES ? value.B : undefined;
}
