// docs/reference/errors.md as text: codes and titles from base/errors.ts, statuses and headers as http/problem.ts gives
// them. A code without an entry here is an error of the compiler.

import { ApiError, type ErrorCode, titles } from '../lib/base/errors.ts';
import { problem } from '../lib/http/problem.ts';
import { code, markdownTable } from './markdown-table.ts';

type Entry = {
  /** When it is answered, and what to do about it. */
  readonly when: string;
  /** Commands of which the last one gets the code from the example API; `undefined` if no command gets it at will. */
  readonly asked?: readonly string[];
};

const ADMIN = "-H 'x-api-key: admin-dev-key'";
const CLERK = "-H 'x-api-key: clerk-dev-key'";
const JSON_BODY = "-H 'content-type: application/json'";

/** The arguments of curl, in lines of a page's width. */
const curl = (...parts: readonly string[]): readonly string[] => [`curl ${parts.join(' ')}`];

const ENTRIES: Readonly<Record<ErrorCode, Entry>> = {
  invalid_query: {
    when: 'A parameter is unknown, malformed, or not offered here. `errors` names each.',
    asked: curl('"$api/items?price__gtt=3"', ADMIN),
  },
  invalid_body: {
    when: 'The body is no JSON, not the kind that is due, or has a name or number that DynamoDB cannot hold.',
    asked: curl('-X POST "$api/item"', ADMIN, JSON_BODY, "-d '[]'"),
  },
  invalid_path: {
    when: 'A segment of the path has control characters, is a dot, or is no key; or a part of a key names several items.',
    asked: curl('"$api/item/%07"', ADMIN),
  },
  validation_failed: {
    when: 'Schema, rules or declared types refuse the item. `errors` names each attribute.',
    asked: curl('-X POST "$api/item"', ADMIN, JSON_BODY, `-d '{"id":7}'`),
  },
  invalid_cursor: {
    when: "`_cursor` is altered, older than an hour, or another caller's, query's or plan's. Begin at the first page.",
    asked: curl('"$api/items?_cursor=x"', ADMIN),
  },
  key_immutable: {
    when: 'An update names a key attribute. Create another item.',
    asked: curl('-X PUT "$api/item/lamp-002"', ADMIN, JSON_BODY, `-d '{"id":"lamp-003"}'`),
  },
  invalid_header: {
    when: '`If-Match` or `If-None-Match` is no list of entity tags.',
    asked: curl('-X PUT "$api/item/lamp-002"', ADMIN, JSON_BODY, "-H 'If-Match: abc'", `-d '{"level":3}'`),
  },
  invalid_idempotency_key: {
    when: '`Idempotency-Key` is sent twice, or is not 1 to 255 printable ASCII characters.',
    asked: curl('-X DELETE "$api/item/lamp-002"', ADMIN, `-H "Idempotency-Key: $(printf '%0256d')"`),
  },
  ambiguous_identity: {
    when: 'An API key and a bearer token, or two tokens, were sent. Send one.',
    asked: curl('"$api/items"', ADMIN, "-H 'Authorization: Bearer x'"),
  },
  unauthenticated: { when: 'No credential was sent, or none that is known.', asked: curl('"$api/items"') },
  not_authorized: {
    when: 'No valid record applies to the caller: missing, disabled, expired or broken. The log says which and why.',
    asked: curl('"$api/items"', '-H "Authorization: Bearer $(npx tablegate token --user nobody)"'),
  },
  endpoint_not_permitted: {
    when: 'No record of the caller permits this method and path.',
    asked: curl('-X DELETE "$api/item/lamp-002"', CLERK),
  },
  field_not_permitted: {
    when: 'The query or body names an attribute that the caller may not see, or may not write.',
    asked: curl('-X PUT "$api/item/lamp-002"', CLERK, JSON_BODY, `-d '{"price":1}'`),
  },
  row_not_permitted: {
    when: 'The caller may see the item, and may not do this to it, or not make it so.',
    asked: curl('-X PUT "$api/item/lamp-004"', CLERK, JSON_BODY, `-d '{"level":2}'`),
  },
  not_found: {
    when: 'There is no such route, or no such item for this caller: absent and hidden are one answer.',
    asked: curl('"$api/item/lamp-777"', ADMIN),
  },
  method_not_allowed: {
    when: 'The route has no such method. `Allow` lists those it has.',
    asked: curl('-X PUT "$api/items"', ADMIN),
  },
  already_exists: {
    when: 'The key of a new item is taken.',
    asked: curl('-X POST "$api/item"', ADMIN, JSON_BODY, `-d '{"id":"lamp-002"}'`),
  },
  conflict: { when: 'Other writers changed the item again and again for 5 seconds. Read it, and decide anew.' },
  condition_failed: { when: "The endpoint's own condition on the stored item does not hold; `detail` is its message." },
  idempotency_mismatch: {
    when: '`Idempotency-Key` was used for another request in the last 24 hours. Take a new one.',
    asked: [
      `curl -o /dev/null -X PATCH "$api/item/rug-002" ${ADMIN} ${JSON_BODY} -H 'Idempotency-Key: k1' -d '{"level":1}'`,
      `curl -X PATCH "$api/item/rug-002" ${ADMIN} ${JSON_BODY} -H 'Idempotency-Key: k1' -d '{"level":2}'`,
    ],
  },
  precondition_failed: {
    when: '`If-Match` names another version of the item, or `If-None-Match` this one. Read it again.',
    asked: curl('-X PUT "$api/item/lamp-002"', ADMIN, JSON_BODY, `-H 'If-Match: "x"'`, `-d '{"level":3}'`),
  },
  too_large: {
    when: 'The body is over 256 KB, or the item would pass 400 KB, or has too many attributes to be changed safely.',
    asked: [`printf '%0300000d' | curl -X POST "$api/item" ${ADMIN} ${JSON_BODY} --data-binary @-`],
  },
  unsupported_media_type: {
    when: 'The body has another `Content-Type` than JSON.',
    asked: curl('-X POST "$api/item"', ADMIN, "-H 'content-type: text/plain'", "-d 'a'"),
  },
  throttled: { when: 'DynamoDB, or the limit of the key or the stage, takes no more. Wait, with a growing pause.' },
  internal: { when: 'A defect. `request_id` leads to it in the log.' },
  unavailable: { when: 'DynamoDB is out of reach, or the audit row cannot be written. A write may have happened.' },
  too_costly: {
    when: 'What was asked has no next page and did not end within its time or read units, or no answer can hold it. `detail` says what would make it less.',
  },
};

/** The whole page. */
export function errorsPage(): string {
  const codes = Object.keys(titles) as ErrorCode[];
  const rows = codes.map((name) => ({ name, ...ENTRIES[name], ...answerOf(name) }));
  const cells = rows.map(({ name, status, retryAfter, when }) => [code(name), String(status), retryAfter, when]);
  const blocks = rows.flatMap(({ name, asked }) => (asked ? [`${asked.join('\n')}\n# {…"code":"${name}",…`] : []));
  const unasked = rows.flatMap(({ name, asked }) => (asked ? [] : [code(name)]));
  return [
    OPENING,
    markdownTable([['code', 'status', 'Retry-After', 'when'], ...cells]),
    '## One request for each',
    `Of the example API, here. No request gets ${unasked.join(', ')} at will.`,
    ['```sh', 'api=http://127.0.0.1:3000', ...blocks, '```'].join('\n'),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function answerOf(name: ErrorCode) {
  const { statusCode, headers } = problem(new ApiError(name), '');
  return { status: statusCode, retryAfter: headers['Retry-After'] ?? '' };
}

const OPENING = `# Errors

<!-- Made by \`npm run docs:reference\` from lib/base/errors.ts, lib/http/problem.ts and scripts/errors-page.ts. -->

Every refusal is \`application/problem+json\` (RFC 9457):

\`\`\`json
{
  "type": "about:blank",
  "title": "The query string is not valid",
  "status": 400,
  "detail": "The query string is not valid",
  "code": "invalid_query",
  "request_id": "1e4c4c74-8b3b-461b-898d-43ccc8eb9df3",
  "errors": [{ "path": "colour", "message": "has no value" }]
}
\`\`\`

\`code\` is for programs, and for ever. \`errors\` is there where single parameters or attributes are at fault, 100 of them at
most; \`path\` is in the caller's words. Nothing in a refusal tells of what the caller may not see. \`Retry-After\` is in seconds.

Of several faults the first of these is told: route and method; 401; the endpoint (403); 413, 415 and the shape of the body
(400), schema included; its fields (403); whether the item may be read (404); whether this may be done to it (403); 412; rules and conditions, which
see the stored item.

API Gateway's own answers are the same: 429 with \`Retry-After: 3600\` where the quota of a key is used up, 502 \`internal\` where
a function crashed, 504 \`unavailable\` where none could be asked. An HTTP API's are not: \`{"message":"Unauthorized"}\`.`;
