// docs/reference against the code: every option, attribute, variable, parameter, operation, header and limit that the code
// knows has its line, and the pages name none that it does not know. Examples are tried, here and, where they are commands, in
// test/acceptance/documents.test.ts.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import example from '../../../examples/items/api.ts';
import { INTERNAL } from '../../../lib/access/audit-policy.ts';
import {
  AUTH_ATTRIBUTES,
  GROUP_ATTRIBUTES,
  KINDS,
  parseAuthRecord,
  parseGroupRecord,
  recordContext,
} from '../../../lib/access/records.ts';
import { auditRows } from '../../../lib/audit/row.ts';
import { parseJson } from '../../../lib/base/json.ts';
import type { Item } from '../../../lib/base/value.ts';
import { api, days } from '../../../lib/definition/api.ts';
import { EXPOSED_HEADERS, SENT_HEADERS } from '../../../lib/definition/cors.ts';
import * as endpoints from '../../../lib/definition/endpoint.ts';
import { limitsOf } from '../../../lib/definition/limits.ts';
import { OPERATIONS, type Operation, traitsOf } from '../../../lib/definition/operations.ts';
import { table } from '../../../lib/definition/table.ts';
import { SECURITY_HEADERS } from '../../../lib/http/security-headers.ts';
import { referencePages } from '../../../scripts/reference-pages.ts';
import { constantsOf, membersOf } from '../../../scripts/source-types.ts';
import { codeOf, read, rowsUnder } from '../../support/pages.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DEFINITION = 'docs/reference/definition.md';
const RECORDS = 'docs/reference/records.md';
const API = 'lib/definition/api.ts';
const TABLE = 'lib/definition/table.ts';
const ENDPOINT = 'lib/definition/endpoint.ts';
const RULE = 'lib/definition/rule.ts';

/** The first and last cells of the rows under a heading: a name and its example. */
function examplesUnder(page: string, heading: string): readonly (readonly [name: string, example: string])[] {
  return rowsUnder(page, heading).map((row) => [codeOf(row[0]), codeOf(row.at(-1))] as const);
}

const namesUnder = (page: string, heading: string) => rowsUnder(page, heading).map(([name]) => codeOf(name));

describe('a page that is made', () => {
  it.each(referencePages())('%s is as `npm run docs:reference` makes it', (page, text) => {
    expect(read(page)).toBe(text);
  });

  it.each(referencePages())('%s leaves no cell of a name or meaning empty', (page) => {
    const rows = read(page)
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row.split('|').at(-2)?.trim(), row).not.toBe('');
  });
});

const items = table('items', { partitionKey: { id: 'string' }, attributes: { status: 'string', created: 'string' } });
const base = `tables: [items], endpoints: [list('/items', items)]`;
const scope = { ...endpoints, api, table, days, items, z };
const oidc = (text: string) =>
  `api({ ${base}, auth: { oidc: { issuer: 'https://a.example', audience: 'a', ${text} } } })`;
const shop = (text: string) => `table('shop', { partitionKey: { id: 'string' }, ${text} })`;

/** A definition made of a text, as a reader would write it. */
function made(text: string): unknown {
  return new Function(...Object.keys(scope), `return ${text}`)(...Object.values(scope));
}

const declared = `attributes: { status: 'string', created: 'string' }`;

/** Each section of the page about options, the type that it is about, and a definition around one of its examples. */
const SECTIONS = [
  ['api', [API, 'ApiOptions'], (text: string) => `api({ ${base}, ${text} })`],
  ['auth', [API, 'ApiOptions', 'auth'], (text: string) => `api({ ${base}, auth: { ${text} } })`],
  ['auth.oidc', [API, 'ApiOptions', 'auth', 'oidc'], oidc],
  ['auth.oidc.claims', [API, 'ClaimNames'], (text: string) => oidc(`claims: { ${text} }`)],
  [
    'auth.proxy',
    [API, 'ProxyHeaders'],
    (text: string) => `api({ ${base}, auth: { proxy: { username: 'x', ${text} } } })`,
  ],
  ['cors', ['lib/definition/cors.ts', 'Cors'], (text: string) => `api({ ${base}, cors: { ${text} } })`],
  ['limits', [API, 'ApiOptions', 'limits'], (text: string) => `api({ ${base}, limits: { ${text} } })`],
  ['audit', [API, 'ApiOptions', 'audit'], (text: string) => `api({ ${base}, audit: { ${text} } })`],
  [
    'audit.retention',
    [API, 'ApiOptions', 'audit', 'retention'],
    (text: string) => `api({ ${base}, audit: { retention: { ${text} } } })`,
  ],
  [
    'table',
    [TABLE, 'TableOptions'],
    (text: string) => shop(`${declared}, ${text}`.replace(/^.*(?=attributes: \{ price)/, '')),
  ],
  ['attributes', [TABLE, 'AttributeOption'], (text: string) => shop(`attributes: { a: { type: 'string', ${text} } }`)],
  [
    'indexes',
    [TABLE, 'IndexOptions'],
    (text: string) => shop(`${declared}, indexes: { by_status: { partitionKey: 'status', ${text} } }`),
  ],
  ['schema', [TABLE, 'TableOptions', 'schema'], (text: string) => shop(`schema: { ${text} }`)],
  ['size', [TABLE, 'TableOptions', 'size'], (text: string) => shop(`size: { ${text} }`)],
  ['rules', [RULE, 'RuleContext'], (text: string) => shop(`rules: { price: ${text} }`)],
  ['Rules with options', [RULE, 'Rule'], (text: string) => shop(`rules: { price: { check: () => true, ${text} } }`)],
  ['Steps', [ENDPOINT, 'StepOptions'], (text: string) => `patch('/item/{id}', items, { ${text} })`],
  [
    'Conditions of steps',
    [RULE, 'ItemCondition'],
    (text: string) => `patch('/item/{id}', items, { condition: { holds: () => true, message: 'no', ${text} } })`,
  ],
] as const;

describe.each(SECTIONS)('the definition: %s', (heading, [file, type, ...path], around) => {
  const members = membersOf(file, type, ...path);

  it('has a line for every option, and for no other', () => {
    expect(namesUnder(DEFINITION, heading)).toEqual(members.map(({ name }) => name));
  });

  it('says which are required, and the defaults that the code says', () => {
    const rows = rowsUnder(DEFINITION, heading).filter((row) => row.length === 4);
    for (const [at, [name, , given = '']] of rows.entries()) {
      const member = members[at];
      const isPartial = type === 'ClaimNames' || heading === 'limits';
      if (type !== 'AttributeOption' && !isPartial && member?.default === undefined) {
        expect([name, given === 'required'], 'required').toEqual([name, member?.isOptional === false]);
      }
      const value = /^(?:'.*'|true|false)$/.test(member?.default ?? '') ? member?.default : undefined;
      if (value !== undefined) expect([name, given]).toEqual([name, `\`${value}\``]);
    }
  });

  it.each(examplesUnder(DEFINITION, heading))('tries the example of %s', (name, text) => {
    if (type !== 'RuleContext') expect(text.startsWith(`${name}: `)).toBe(true);
    else expect(text).toContain(name);
    expect(made(around(text))).toBeTypeOf('object');
  });
});

describe('the definition: Endpoints', () => {
  const rows = examplesUnder(DEFINITION, 'Endpoints');

  it('has a line for every operation', () => {
    const operations = rows.map(([, text]) => (made(text) as endpoints.Endpoint).operation);
    expect(operations.toSorted()).toEqual(Object.keys(OPERATIONS).toSorted());
    for (const [name, text] of rows) expect(text.startsWith(`${name}(`)).toBe(true);
  });
});

const context = recordContext(example);

function item(json: string): Item {
  const parsed = parseJson(json);
  if ('value' in parsed && 'M' in parsed.value) return parsed.value.M;
  throw new Error(`no JSON object: ${json}`);
}

const KEY = item('{"id":"k","type":"API_KEY","name":"Jane","username":"jane","email":"jane@example.com"}');
const GROUP = item('{"group_id":"g"}');
const authFaults = (json: string) => {
  const parsed = parseAuthRecord({ ...KEY, ...item(json) }, context);
  return 'faults' in parsed ? parsed.faults : [];
};
const groupFaults = (json: string) => {
  const parsed = parseGroupRecord({ ...GROUP, ...item(json) }, context);
  return 'faults' in parsed ? parsed.faults : [];
};

describe('records', () => {
  const ofBoth = namesUnder(RECORDS, 'Permissions');

  it('have a line for every attribute, and for no other', () => {
    expect([...namesUnder(RECORDS, 'Auth records'), ...ofBoth]).toEqual(AUTH_ATTRIBUTES);
    expect([...namesUnder(RECORDS, 'Groups'), ...ofBoth]).toEqual(GROUP_ATTRIBUTES);
  });

  it('have a line for every kind', () => {
    expect(namesUnder(RECORDS, 'Kinds')).toEqual(KINDS);
  });

  it('have a line for every variable', () => {
    const names = namesUnder(RECORDS, 'Variables').map((name) => name.replace('<name>', 'team'));
    expect(names).toEqual(context.variables);
  });

  it('have a line for every part of a filter', () => {
    const known = constantsOf('lib/condition/filter.ts');
    const parts = [known.get('FIELD_KEYS'), 'table', known.get('GROUPS')].flat();
    expect(namesUnder(RECORDS, 'Filters')).toEqual(expect.arrayContaining(parts));
    expect(namesUnder(RECORDS, 'Filters')).toHaveLength(parts.length);
  });

  it.each([
    ...examplesUnder(RECORDS, 'Auth records'),
    ...examplesUnder(RECORDS, 'Kinds'),
    ...examplesUnder(RECORDS, 'Permissions'),
  ])('take the example of %s in an auth record', (_, text) => {
    expect(authFaults(`{${text}}`)).toEqual([]);
  });

  it.each([...examplesUnder(RECORDS, 'Groups'), ...examplesUnder(RECORDS, 'Permissions')])(
    'take the example of %s in a group',
    (_, text) => {
      expect(groupFaults(`{${text}}`)).toEqual([]);
    },
  );

  it.each([...examplesUnder(RECORDS, 'Filters'), ...examplesUnder(RECORDS, 'Variables')])(
    'take the filter that is the example of %s',
    (name, text) => {
      expect(text).toContain(name.replace('<name>', 'team'));
      expect(authFaults(`{"filter_fields":[${text}]}`)).toEqual([]);
    },
  );

  it('are tried: what is wrong in an example is found', () => {
    expect(authFaults('{"exclude_field":["cost"]}')).toHaveLength(1);
    expect(authFaults('{"filter_fields":[{"field":"a","value":{"$var":"user.nick"}}]}')).toHaveLength(1);
  });
});

describe('the query string', () => {
  it('has a line for every reserved parameter', () => {
    const rows = examplesUnder('docs/reference/query.md', 'Parameters');
    expect(rows.map(([name]) => name)).toEqual(constantsOf('lib/query/query.ts').get('RESERVED'));
    for (const [name, text] of rows) expect(text.startsWith(`${name}=`)).toBe(true);
  });

  it('says of every reserved parameter which operations take it', () => {
    for (const [name = '', , where = ''] of rowsUnder('docs/reference/query.md', 'Parameters')) {
      const takers = (Object.keys(OPERATIONS) as Operation[]).filter((each) =>
        traitsOf(each).parameters.includes(codeOf(name)),
      );
      expect([name, [...where.matchAll(/`([^`]+)`/g)].map(([, operation]) => operation)]).toEqual([name, takers]);
    }
  });
});

const HEADER = /^[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)+$|^(?:Link|Location|Allow|Vary|Origin|ETag)$/;

/** Header names that the sources of a folder write: as names of properties, or as texts. */
function headersIn(folder: string): readonly string[] {
  const files = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.ts'));
  const words = files.flatMap((name) => [
    ...read(join(folder, name)).matchAll(/(?<=['{ ])([A-Z][A-Za-z-]*)'?(?=:)|(?<=')([A-Z][A-Za-z-]*)(?=')/g),
  ]);
  return [...new Set(words.map(([, property, text]) => property ?? text ?? ''))].filter((word) => HEADER.test(word));
}

describe('HTTP', () => {
  const HTTP = 'docs/reference/http.md';
  const sent = namesUnder(HTTP, 'Request headers');
  const answered = namesUnder(HTTP, 'Answer headers');

  it('has a line for every operation, with the action of its audit rows', () => {
    const rows = rowsUnder(HTTP, 'Endpoints').map((row) => [codeOf(row[0]), codeOf(row[3])]);
    const known = Object.entries(OPERATIONS).map(([operation, { action }]) => [operation, action]);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(known));
  });

  it('has a line for every header that a request may carry, and for no other', () => {
    const asked = [...read('lib/http/call.ts').matchAll(/headers\.get\('([a-z-]+)'\)/g)].map(([, name]) => name);
    expect(asked.length).toBeGreaterThan(3);
    const lower = sent.map((name) => name.toLowerCase());
    expect(lower).toEqual(expect.arrayContaining([...asked, ...SENT_HEADERS.map((name) => name.toLowerCase())]));
    const known = [...asked, ...SENT_HEADERS.map((name) => name.toLowerCase()), 'origin'];
    expect(lower.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('has a line for every header that an answer may carry, and for no other', () => {
    const written = [...headersIn('lib/http'), ...headersIn('lib/infra')];
    for (const name of ['ETag', 'Server-Timing', 'Access-Control-Max-Age', 'Allow']) expect(written).toContain(name);
    const known = new Set([...written, ...EXPOSED_HEADERS, ...Object.keys(SECURITY_HEADERS)]);
    for (const name of sent.filter((name) => name !== 'Content-Type')) known.delete(name);
    expect(answered.toSorted()).toEqual([...known].toSorted());
  });

  it('has an example of each', () => {
    for (const heading of ['Request headers', 'Answer headers'])
      for (const [name, text] of examplesUnder(HTTP, heading)) expect(text.startsWith(`${name}: `)).toBe(true);
  });
});

describe('the audit', () => {
  it('has a line for every attribute of a row', () => {
    const row = auditRows(
      {
        time: '2026-01-01T00:00:00.000000Z',
        id: '01a22162-5e1a-76c8-8f8d-5135077446b7',
        requestId: 'r',
        action: 'UPDATE',
        outcome: 'ok',
        user: { id: 'k', type: 'API_KEY' },
        method: 'PUT',
        route: '/item/{id}',
        pathParameters: new Map([['id', 'a']]),
        query: [['a', 'b']],
        body: item('{"a":1}'),
        resource: { table: items, key: item('{"id":"a"}') },
        sensitive: [],
        before: item('{"id":"a"}'),
        after: item('{"id":"a","b":1}'),
        expireTime: 1,
      },
      (text) => text,
    )[0] as Item;
    const names = Object.keys(row).filter((name) => !INTERNAL.includes(name));
    const rows = examplesUnder('docs/reference/audit.md', 'Rows');
    expect(rows.map(([name]) => name).toSorted()).toEqual(names.toSorted());
    for (const [, text] of rows) expect(() => JSON.parse(text)).not.toThrow();
  });
});

describe('the audit: outcomes', () => {
  it('has every outcome of a call, and no other', () => {
    const declared = /export type Outcome = ([^;]+);/.exec(read('lib/audit/row.ts'))?.[1] ?? '';
    const known = [...declared.matchAll(/'(\w+)'/g)].map(([, name]) => name);
    const line = rowsUnder('docs/reference/audit.md', 'Rows').find(([name]) => name === '`outcome`')?.[1] ?? '';
    expect([...line.matchAll(/`(\w+)`/g)].map(([, name]) => name).toSorted()).toEqual(known.toSorted());
    expect(known).toContain('ok');
  });
});

/** Bounds of what is kept in memory or told to operators: no caller and no record meets them. */
const UNMET = [
  'lib/access/endpoint-pattern.ts MAX_COMPILED',
  'lib/access/grant.ts MAX_KEPT',
  'lib/access/record-memo.ts MAX_BYTES',
  'lib/access/record-memo.ts MAX_RECORDS',
  'lib/audit/images.ts MAX_ROW_DEPTH',
  'lib/base/describe-error.ts MAX_CAUSES',
  'lib/base/describe-error.ts MAX_FRAMES',
  'lib/http/answer.ts MAX_CHARACTER_BYTES',
  'lib/operations/request/principal-loader.ts MAX_GUESSES',
  'lib/operations/request/telemetry.ts MAX_SPANS',
  'lib/plan/text-window.ts MAX_BOUND_BYTES',
  'lib/store/audit/audit.ts MAX_BATCH',
  'lib/store/audit/audit.ts MAX_DAYS',
  'lib/store/dynamodb/client.ts MAX_ATTEMPTS',
];

describe('limits', () => {
  const LIMITS = 'docs/reference/limits.md';
  const rows = ['What a caller meets', 'What an operator meets', 'What DynamoDB takes']
    .flatMap((heading) => rowsUnder(LIMITS, heading))
    .flatMap(([limit = '', value = '', , where = '']) => {
      const [, file, name] = /^`(\S+)` `(\S+)`$/.exec(where) ?? [];
      return file && name ? [{ limit, value, file, name }] : [];
    });
  const files = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/^(?:cli|local|infra)\//.test(file))
    .map((file) => `lib/${file}`);

  it.each(rows)('$limit: $value is what $file says', ({ value, file, name }) => {
    const number = Number(constantsOf(file).get(name));
    const bytes = [`${number / 1024} KB`, `${number / 1024 / 1024} MB`];
    const times = [`${number / 1e6} s`, `${number / 3_600} h`];
    expect([number.toLocaleString('en-US'), ...bytes, ...times]).toContain(value);
  });

  it('have the default of what one request may read', () => {
    const value = rowsUnder(LIMITS, 'What a caller meets').find(([limit]) => limit === 'read units of a request')?.[1];
    expect(value).toBe(limitsOf().readUnits.toLocaleString('en-US'));
  });

  it('have a line for every limit of the code that somebody can meet', () => {
    const bounds = files.flatMap((file) =>
      [...constantsOf(file)]
        .filter(([name, value]) => typeof value === 'number' && (/^MAX_/.test(name) || file === 'lib/dynamo/limits.ts'))
        .map(([name]) => `${file} ${name}`),
    );
    const listed = rows.map(({ file, name }) => `${file} ${name}`);
    expect(bounds.filter((bound) => !listed.includes(bound)).toSorted()).toEqual(UNMET);
  });
});
