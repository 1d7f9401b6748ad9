// What an audit row is made of in tests: one successful read of one item.

import type { AuditEvent } from '../../lib/audit/row.ts';

export const EVENT: AuditEvent = {
  time: '2026-01-01T00:00:00.123456Z',
  id: '0190c1d2-0000-7000-8000-00000000000b',
  requestId: 'request-1',
  action: 'GET',
  outcome: 'ok',
  user: { id: 'key-1', type: 'API_KEY', username: 'jane', sourceIp: '192.0.2.1' },
  method: 'GET',
  route: '/item/{id}',
  pathParameters: new Map([['id', 'a/b']]),
  query: [],
  sensitive: [],
};
