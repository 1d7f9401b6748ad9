// Reads the keys in partitions of an audit index, newest first, and merges them into one stream.

import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../base/value.ts';
import type { AuditIndex } from '../../definition/audit-indexes.ts';
import { compileKeys, type KeysInput, keyOf } from '../../dynamo/audit-input.ts';
import { compareKeys, isLeft } from '../../plan/audit-place.ts';
import type { AuditKey, AuditPlan } from '../../plan/audit-plan.ts';
import { sent } from '../dynamodb/store-errors.ts';
import type { AuditSource } from './audit-rows.ts';

/** The keys of a partition that a plan has left. Of equal times, which an index returns in any order, the later id is first. */
export class AuditKeyStream {
  readonly #client: DynamoDBClient;
  readonly #plan: AuditPlan;
  readonly #input: KeysInput;
  #read: AuditKey[] = [];
  #start: Item | undefined;
  #isRead = false;

  constructor({ client, tableName }: AuditSource, plan: AuditPlan, index: AuditIndex, partition: string) {
    this.#client = client;
    this.#plan = plan;
    this.#input = compileKeys(plan, index, partition, tableName);
  }

  /** The newest key that is left; `undefined` if there is none. Valid once `fill` is done. */
  get head(): AuditKey | undefined {
    return this.#read[0];
  }

  /** Reads pages until all keys of the head's time are read, so that the head is the newest. */
  async fill(): Promise<void> {
    while (!this.#isRead && this.#read[0]?.time === this.#read.at(-1)?.time) await this.#readPage();
  }

  take(): void {
    this.#read.shift();
  }

  async #readPage(): Promise<void> {
    const from = this.#start && { ExclusiveStartKey: this.#start as never };
    const call = this.#client.send(new QueryCommand({ ...this.#input, ...from } as never));
    const { Items = [], LastEvaluatedKey } = await sent(call);
    const keys = (Items as unknown as Item[]).map(keyOf);
    this.#read.push(...keys.filter((key) => isLeft(this.#plan, key)));
    this.#read.sort(compareKeys);
    this.#start = LastEvaluatedKey as Item | undefined;
    this.#isRead = this.#start === undefined;
  }
}

/** Merges the keys of some partitions, newest first. */
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
  return left !== undefined && right !== undefined && compareKeys(left, right) < 0;
}
