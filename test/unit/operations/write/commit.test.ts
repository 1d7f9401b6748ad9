// The line of every write: what each stage gives on, what gives way to what, and what is tried again.

import { describe, expect, it } from 'vitest';
import { ApiError, type ErrorCode } from '../../../../lib/base/errors.ts';
import { attribute, type Item, textOf } from '../../../../lib/base/value.ts';
import { get, update } from '../../../../lib/definition/endpoint.ts';
import { table } from '../../../../lib/definition/table.ts';
import type { Ports, Written } from '../../../../lib/operations/request/ports.ts';
import { commit, type Write } from '../../../../lib/operations/write/commit.ts';
import type { Validated } from '../../../../lib/operations/write/validate.ts';
import { planCreate, planDelete, planUpdate, type WritePlan } from '../../../../lib/plan/write-plan.ts';
import { NOW } from '../../../support/access.ts';
import { fakeRequest } from '../../../support/fake-request.ts';
import { item } from '../../../support/values.ts';

const items = table('items', { partitionKey: { id: 'string' } });
const ruled = table('items', { partitionKey: { id: 'string' }, rules: { n: () => true } });
const SET: Validated = { item: item({ n: 2 }), faults: [] };
const WRONG: Validated = { item: item({ n: 2, m: 0 }), faults: [{ path: 'm', message: 'is wrong' }] };
const stored = item({ id: 'a', n: 1 });

type Given = Partial<Pick<Write, 'collect' | 'decide'>> & {
  readonly of?: typeof items;
  readonly written?: readonly Written[];
  readonly permissions?: Readonly<Record<string, unknown>>;
  readonly idempotencyKey?: readonly string[];
  readonly ports?: Partial<Ports>;
  readonly isUnauthorized?: boolean;
};

/** Runs one update; gives what it answered or was refused with, and what was sent and asked on the way. */
async function run({
  of = items,
  written = ['written'],
  permissions = {},
  idempotencyKey = [],
  ports = {},
  isUnauthorized = false,
  ...stages
}: Given) {
  const sent: { readonly plan: WritePlan; readonly rows: readonly Item[]; readonly request: Item | undefined }[] = [];
  const answers = [...written];
  let decisions = 0;
  const session = fakeRequest(update('/item/{id}', of), {
    permissions,
    call: { method: 'PUT', path: '/item/a', pathParameters: new Map([['id', 'a']]), idempotencyKey },
    ports: {
      write: (plan, rows, request) => {
        sent.push({ plan, rows, request: request?.row });
        return Promise.resolve(answers.shift() ?? 'written');
      },
      ...ports,
    },
  });
  const plan = () => planUpdate(session.policy, stored, { set: item({ n: 2 }), remove: [] }, [['n']]);
  const { decide = () => Promise.resolve(plan()), collect = () => Promise.resolve(SET) } = stages;
  const result = await commit(session, {
    body: item({ n: 2 }),
    authorize: () => {
      if (isUnauthorized) throw new ApiError('field_not_permitted');
    },
    collect,
    decide: (collected) => {
      decisions += 1;
      return decide(collected);
    },
  }).catch((error: unknown) => error);
  return { result, sent, decisions: () => decisions };
}

const refusing = (code: ErrorCode) => () => Promise.reject(new ApiError(code));
const codeOf = (result: unknown) => (result instanceof ApiError ? result.code : result);

describe('a write', () => {
  it('sends its plan, its audit row and the row of its request at once', async () => {
    const { result, sent } = await run({
      idempotencyKey: ['k'],
      ports: { findRequest: () => Promise.resolve(undefined) },
    });
    expect(sent).toHaveLength(1);
    const [{ plan, rows, request } = expect.fail()] = sent;
    expect(plan.kind).toBe('update');
    expect(rows.map((row) => textOf(row, 'action'))).toEqual(['UPDATE']);
    expect(rows[0] && attribute(rows[0], 'after')).toEqual({ M: item({ id: 'a', n: 2 }) });
    expect(request && textOf(request, 'status')).toBe('ok');
    expect(result).toMatchObject({ answer: { kind: 'ok', body: { M: item({ id: 'a', n: 2 }) } }, audit: 'written' });
  });

  it('without a key has no row of its request', async () => {
    expect((await run({})).sent.map(({ request }) => request)).toEqual([undefined]);
  });

  it('answers nothing of a row that its caller may no longer read', async () => {
    const permissions = { read_filters: [{ field: 'n', value: 1 }] };
    expect((await run({ permissions })).result).toMatchObject({ answer: { kind: 'no_content' } });
  });

  it('that removes an item answers nothing', async () => {
    const { policy } = fakeRequest(get('/item/{id}', items));
    const { result, sent } = await run({ decide: () => Promise.resolve(planDelete(policy, stored)) });
    expect(result).toMatchObject({ answer: { kind: 'no_content' } });
    expect(sent[0]?.rows[0] && attribute(sent[0].rows[0], 'before')).toEqual({ M: stored });
  });
});

describe('a try that wrote nothing', () => {
  it.each<Written>(['lost', 'contended', 'throttled'])('is decided anew: %s', async (lost) => {
    const { result, decisions } = await run({ written: [lost, lost, 'written'] });
    expect(decisions()).toBe(3);
    expect(result).toMatchObject({ answer: { kind: 'ok' } });
  });

  it.each<[Written, ErrorCode]>([
    ['lost', 'conflict'],
    ['contended', 'conflict'],
    ['throttled', 'throttled'],
  ])('is given up after five seconds: %s is %s', async (lost, code) => {
    let now = NOW * 1e6;
    const sleep = (milliseconds: number) => {
      now += milliseconds * 1e3;
      return Promise.resolve();
    };
    const { result, decisions } = await run({
      written: Array<Written>(1_000).fill(lost),
      ports: { sleep, now: () => now, random: () => 1 },
    });
    expect(codeOf(result)).toBe(code);
    expect(now - NOW * 1e6).toBeLessThanOrEqual(5e6);
    expect(decisions()).toBeGreaterThan(10);
  });

  it('of a create says that the key is taken', async () => {
    const { policy } = fakeRequest(get('/item/{id}', items));
    const created = () => Promise.resolve(planCreate(policy, stored, NOW * 1e3));
    expect(codeOf((await run({ decide: created, written: ['lost'] })).result)).toBe('already_exists');
  });

  it('because a twin is at work is a conflict', async () => {
    expect(codeOf((await run({ written: ['repeated'] })).result)).toBe('conflict');
  });
});

describe('what the schema refuses', () => {
  const collect = () => Promise.resolve(WRONG);

  it('is told without a look at the item where no rule could add to it', async () => {
    const { result, decisions } = await run({ collect });
    expect(result).toMatchObject({ code: 'validation_failed', faults: WRONG.faults });
    expect(decisions()).toBe(0);
  });

  it.each<ErrorCode>(['not_found', 'row_not_permitted', 'precondition_failed', 'condition_failed'])(
    'comes before what else refuses the request: %s',
    async (code) => {
      const { result } = await run({ collect, of: ruled, decide: refusing(code) });
      expect(result).toMatchObject({ code: 'validation_failed', faults: WRONG.faults });
    },
  );

  it('comes before fields that the caller may not write', async () => {
    const { result, decisions } = await run({ collect, of: ruled, isUnauthorized: true });
    expect(codeOf(result)).toBe('validation_failed');
    expect(decisions()).toBe(0);
  });

  it('gives way to what rules found with it', async () => {
    const both = new ApiError('validation_failed', undefined, [...WRONG.faults, { path: 'n', message: 'too' }]);
    expect((await run({ collect, of: ruled, decide: () => Promise.reject(both) })).result).toBe(both);
  });

  it.each<ErrorCode>(['unavailable', 'throttled', 'too_costly', 'internal'])(
    'is not what a failure is told as: %s',
    async (code) => {
      expect(codeOf((await run({ collect, of: ruled, decide: refusing(code) })).result)).toBe(code);
    },
  );

  it('is not what a defect is told as', async () => {
    const defect = new TypeError('a defect');
    expect((await run({ collect, of: ruled, decide: () => Promise.reject(defect) })).result).toBe(defect);
  });

  it('is never stored, whatever was decided', async () => {
    const { result, sent, decisions } = await run({ collect, of: ruled });
    expect(codeOf(result)).toBe('validation_failed');
    expect([sent.length, decisions()]).toEqual([0, 1]);
  });
});

it('fields that the caller may not write are refused before anything is decided', async () => {
  const { result, decisions } = await run({ isUnauthorized: true });
  expect(codeOf(result)).toBe('field_not_permitted');
  expect(decisions()).toBe(0);
});
