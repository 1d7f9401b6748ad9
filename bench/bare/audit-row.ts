// The audit row that a bare handler writes: the same attributes as the real one's, so that DynamoDB has the same work.

import { createHash, randomUUID } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { BareEvent } from './event.ts';
import { toItem } from './plain.ts';

export type BareChange = {
  readonly event: BareEvent;
  readonly record: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly item: Record<string, AttributeValue>;
};

const SHARDS = 4;

export function bareAuditRow({ event, record, body, item }: BareChange): Record<string, AttributeValue> {
  const { requestId, identity } = event.requestContext;
  const time = `${new Date().toISOString().slice(0, -1)}000Z`;
  const id = randomUUID();
  const user = { id: identity.apiKeyId, type: 'API_KEY', name: record['name'], username: record['username'] };
  const key = { id: body['id'] };
  const row = {
    time,
    id,
    action: 'CREATE',
    outcome: 'ok',
    user: { ...user, email: record['email'], source_ip: identity.sourceIp, user_agent: 'bench' },
    method: 'POST',
    path: '/item',
    resource: { table: 'items', key },
    request_id: requestId,
    resource_key: createHash('sha256')
      .update(`items ${JSON.stringify(key)}`)
      .digest('hex'),
    user_key: `API_KEY#${identity.apiKeyId}`,
    day_shard: `${time.slice(0, 10)}#${Number.parseInt(id.slice(-1), 16) % SHARDS}`,
  };
  // The item as it was sent and as it is stored: a create's body and image.
  return { ...toItem(row), body: { M: item }, after: { M: item } };
}
