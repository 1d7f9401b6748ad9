// The keys that partitions of an audit index hold, newest first, as one stream.

import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from '../base/value.ts';
import type { AuditIndex } from '../definition/audit-indexes.ts';
import { type AuditKey, compileKeys, type KeysInput } from '../dynamo/audit-input.ts';
import type { AuditPlan } from '../plan/audit-plan.ts';
import { storeError } from './store-errors.ts';

type Source = { readonly client: DynamoDBClient; readonly tableName: string };

/** The keys of one partition. An index leaves open the order of equal times: here the later id comes first. */
export class AuditKeyStream {
  readonly #client: DynamoDBClient;
  readonly #input: KeysInput;
  #read: AuditKey[] = [];
  #start: Item | undefined;
  #isRead = false;

  constructor({ client, tableName }: Source, plan: AuditPlan, index: AuditIndex, partition: string) {
    this.#client = client;
    this.#input = compileKeys(plan, index, partition, tableName);
  }

  /** The newest key that is left; undefined: there is none. Known once `fill` is done. */
  get head(): AuditKey | undefined {
    return this.#read[0];
  }

  /** Reads on until the head is known to be the newest: all keys of its time are read. */
  async fill(): Promise<void> {
    while (!this.#isRead && this.#read[0]?.time === this.#read.at(-1)?.time) await this.#readPage();
  }

  take(): void {
    this.#read.shift();
  }

  async #readPage(): Promise<void> {
    try {
      const from = this.#start && { ExclusiveStartKey: this.#start as never };
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({ ...this.#input, ...from } as never),
      );
      this.#read.push(...(Items as unknown as Item[]).map(keyOf));
      this.#read.sort(newerFirst);
      this.#start = LastEvaluatedKey as Item | undefined;
      this.#isRead = this.#start === undefined;
    } catch (error) {
      throw storeError(error);
    }
  }
}

function keyOf(item: Item): AuditKey {
  const { time, id } = item as { readonly time: { readonly S: string }; readonly id: { readonly S: string } };
  return { time: time.S, id: id.S };
}

function newerFirst(left: AuditKey, right: AuditKey): number {
  if (left.time !== right.time) return left.time < right.time ? 1 : -1;
  return left.id < right.id ? 1 : -1;
}

/** The keys of some partitions, newest first. */
export async function* mergeKeys(streams: readonly AuditKeyStream[]): AsyncGenerator<AuditKey> {
  await Promise.all(streams.map((stream) => stream.fill()));
  let open = streams;
  for (;;) {
    open = open.filter(({ head }) => head !== undefined);
    const [first] = open;
    if (!first) return;
    const newest = open.reduce((best, each) => (isNewer(each, best) ? each : best), first);
    yield newest.head as AuditKey;
    newest.take();
    await newest.fill();
  }
}

function isNewer({ head: left }: AuditKeyStream, { head: right }: AuditKeyStream): boolean {
  return left !== undefined && right !== undefined && newerFirst(left, right) < 0;
}
