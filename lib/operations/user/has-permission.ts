// Answers POST of `{ method, path }`: true if the caller may use the endpoint. It reveals nothing of rows, nor if the API
// has such a route.

import { permittingGrants } from '../../access/permission.ts';
import { sensitiveNames } from '../../audit/mask.ts';
import { itemOf } from '../../base/value.ts';
import { parsePermissionQuestion } from '../../query/permission-question.ts';
import { parseReserved } from '../../query/query.ts';
import type { Operate } from '../request/request-context.ts';

export const hasPermission: Operate = ({ api, call, permission }) => {
  parseReserved(call.query, []);
  const { method, path } = parsePermissionQuestion(call.body);
  const authorized = permittingGrants(permission.principal, method, path).length > 0;
  // Mask the audited path: any part of it may be the value of a sensitive attribute.
  const kept = sensitiveNames(api.tables).length > 0 ? '***' : path;
  const body = itemOf([
    ['method', { S: method }],
    ['path', { S: kept }],
  ]);
  const answer = { kind: 'ok' as const, body: { M: itemOf([['authorized', { BOOL: authorized }]]) } };
  return Promise.resolve({ answer, audit: 'due', about: { body } });
};
