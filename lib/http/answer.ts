// What an operation answers → an HTTP answer.

import { printJson } from '../base/json.ts';
import type { Answer } from '../operations/session.ts';
import type { HttpAnswer } from './problem.ts';

const JSON_HEADERS = { 'Content-Type': 'application/json; charset=utf-8' };

export function httpAnswer(answer: Answer): HttpAnswer {
  const { statusCode, headers, body } = plainAnswer(answer);
  const tag = answer.etag === undefined ? {} : { ETag: answer.etag };
  const replay = answer.isReplay ? { 'Idempotency-Replayed': 'true' } : {};
  const from = answer.auditFrom === undefined ? {} : { 'X-Audit-From': answer.auditFrom };
  return { statusCode, headers: { ...headers, ...tag, ...replay, ...from }, body };
}

function plainAnswer(answer: Answer): HttpAnswer {
  switch (answer.kind) {
    case 'ok':
      return { statusCode: 200, headers: JSON_HEADERS, body: printJson(answer.body) };
    case 'rows': {
      const next = answer.next === undefined ? {} : { Link: `<${answer.next}>; rel="next"` };
      const total = answer.total === undefined ? {} : { 'X-Total-Count': String(answer.total) };
      return { statusCode: 200, headers: { ...JSON_HEADERS, ...next, ...total }, body: `[${answer.rows.join(',')}]` };
    }
    case 'created': {
      const location = answer.location === undefined ? {} : { Location: answer.location };
      return { statusCode: 201, headers: { ...JSON_HEADERS, ...location }, body: printJson(answer.body) };
    }
    case 'no_content':
      return { statusCode: 204, headers: {}, body: '' };
  }
}
