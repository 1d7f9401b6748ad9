// The credentials that an engine on this machine is called with. DynamoDB Local keeps the tables of each access key id
// apart: an id that nobody can guess keeps strangers out.

import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGION } from '../template/intrinsics.ts';

export type EngineCredentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** For engines that look at no credentials, and yet want some. */
export const LOCAL_CREDENTIALS: EngineCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

const KEY_FILE = 'dynamodb-local.key';
/** The database that DynamoDB Local used before, whatever the access key id. */
const SHARED = 'shared-local-instance.db';
const KEY_BYTES = 20;
/** Letters and digits: DynamoDB Local takes no others. */
const KEY = /^[0-9a-f]{40}$/;

/** Makes an access key id, or reads that of a data folder; the first time, what is in the folder is put under it. */
export function keptCredentials(dataDirectory: string | undefined): EngineCredentials {
  const fresh = randomBytes(KEY_BYTES).toString('hex');
  const accessKeyId = dataDirectory === undefined ? fresh : keyOf(dataDirectory, fresh);
  return { ...LOCAL_CREDENTIALS, accessKeyId };
}

function keyOf(dataDirectory: string, fresh: string): string {
  const file = join(dataDirectory, KEY_FILE);
  try {
    writeFileSync(file, `${fresh}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readKey(file);
  }
  for (const name of readdirSync(dataDirectory).filter((each) => each.startsWith(SHARED))) {
    renameSync(join(dataDirectory, name), join(dataDirectory, name.replace(SHARED, `${fresh}_${REGION}.db`)));
  }
  return fresh;
}

function readKey(file: string): string {
  const key = readFileSync(file, 'utf8').trim();
  if (KEY.test(key)) return key;
  throw new Error(`${file} holds no access key id; put the name of the folder's .db file there, up to the "_"`);
}
