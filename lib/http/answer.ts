// Turns the answer of an operation into an HTTP answer, and refuses answers that Lambda would not deliver.

import { leavingBytes, MAX_LEAVING_BYTES } from '../base/answer-bytes.ts';
import { ApiError } from '../base/errors.ts';
import { printJson } from '../base/json.ts';
import type { Operation } from '../definition/operations.ts';
import type { Answer } from '../operations/request/request-context.ts';
import type { HttpAnswer } from './problem.ts';

/** The most bytes that one character takes in JSON, escaped. */
const MAX_CHARACTER_BYTES = 6;

/** Advice for an answer that is too large, by operation: how to ask for less, or what to ask instead. */
const NARROWER: Readonly<Partial<Record<Operation, string>>> = {
  list: 'ask for fewer rows with _limit, or for some attributes with _fields',
  search: 'ask for fewer rows with _limit, or for some attributes with _fields',
  audit: 'ask for fewer rows with _limit',
  history: 'ask for fewer versions with _limit',
  unique: 'narrow the query',
  get: 'read the item with a list that asks for some attributes with _fields',
  update: 'the item was written; read it with a list that asks for some attributes with _fields',
  patch: 'the item was written; read it with a list that asks for some attributes with _fields',
  user: 'its permitted endpoints are too many to be listed; ask has-permission about one',
};

const JSON_HEADERS = { 'Content-Type': 'application/json; charset=utf-8' };

export function httpAnswer(answer: Answer): HttpAnswer {
  const { statusCode, headers, body } = plainAnswer(answer);
  const tag = answer.etag === undefined ? {} : { ETag: answer.etag };
  const replay = answer.isReplay ? { 'Idempotency-Replayed': 'true' } : {};
  const from = answer.auditFrom === undefined ? {} : { 'X-Audit-From': answer.auditFrom };
  return { statusCode, headers: { ...headers, ...tag, ...replay, ...from }, body };
}

/**
 * Refuses a body over Lambda's limit, which the gateway would answer with 502. Runs after all that changes the body.
 * @throws ApiError `too_costly`
 */
export function checkSize({ body }: HttpAnswer, operation: Operation): void {
  if (body.length * MAX_CHARACTER_BYTES <= MAX_LEAVING_BYTES) return;
  const bytes = leavingBytes(body);
  if (bytes <= MAX_LEAVING_BYTES) return;
  const told = `the answer has ${bytes.toLocaleString('en-US')} bytes, and ${MAX_LEAVING_BYTES.toLocaleString('en-US')} is the most`;
  const narrower = NARROWER[operation];
  throw new ApiError('too_costly', narrower === undefined ? told : `${told}; ${narrower}`);
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
