// docs/guides/sizing.md, "How many functions": what a caller can hold by requests that take as long as a function may run
// fits in the API's share of the account's concurrency, whatever the props; props that do not add up are refused at synth.

import { Lazy } from 'aws-cdk-lib';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import api from '#api';
import { api as defineApi } from '../../lib/definition/api.ts';
import { capacityOf } from '../../lib/infra/capacity.ts';
import { newStack, type Synthesized, synth } from './synth-api.ts';

/** Of a function, in seconds. */
const TIME = 25;
/** Of an account whose quota nobody raised, less what Lambda keeps unreserved. */
const ACCOUNT = 1_000 - 100;
const BOTH = { functions: 13, hasKeys: true, hasPeople: true };
const held = (rate: number, burst: number) => burst + rate * TIME;

describe('the template of the example', () => {
  const synthesized = synth({ api });
  const { stage, people, key } = throttles(synthesized);

  test('bounds both stages so that all callers together fit in an account, and one key in half of its stage', () => {
    expect(synthesized.ofType('AWS::Lambda::Function')[0]?.Properties.Timeout).toBe(TIME);
    expect(held(stage.rate, stage.burst) + held(people.rate, people.burst)).toBeLessThanOrEqual(ACCOUNT);
    expect(held(key.rate, key.burst)).toBeLessThanOrEqual(held(stage.rate, stage.burst) / 2);
    expect(key).toEqual({ rate: 6, burst: 75 });
  });

  test('reserves nothing: an account whose quota is 10 could not deploy it', () => {
    for (const { Properties } of synthesized.ofType('AWS::Lambda::Function')) {
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });
});

test('one kind of caller alone has all of the share', () => {
  const keys = capacityOf({}, { ...BOTH, hasPeople: false });
  expect(keys).toMatchObject({ stageRateLimit: 24, stageBurstLimit: 300, rateLimit: 12, burstLimit: 150 });
});

test('perFunction is reserved for every function', () => {
  const { ofType } = synth({ api, concurrency: { perFunction: 20 } });
  const functions = ofType('AWS::Lambda::Function');
  expect(functions).toHaveLength(api.endpoints.length);
  for (const { Properties } of functions) expect(Properties.ReservedConcurrentExecutions).toBe(20);
});

test('defaults add up for any share and any reservation that fits in it', () => {
  const shares = fc.record({
    total: fc.integer({ min: 10, max: 20_000 }),
    perFunction: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
    functions: fc.integer({ min: 1, max: 45 }),
    callers: fc.constantFrom([true, true], [true, false], [false, true]),
  });
  fc.assert(
    fc.property(shares, ({ total, perFunction, functions, callers: [hasKeys = true, hasPeople = true] }) => {
      const concurrency = { total, ...(perFunction !== undefined && { perFunction }) };
      fc.pre((perFunction ?? 1) * functions <= total && (perFunction === undefined || perFunction * functions >= 10));
      const found = capacityOf({ concurrency }, { functions, hasKeys, hasPeople });
      const stages = hasKeys && hasPeople ? 2 : 1;
      const available = perFunction === undefined ? total : perFunction * functions;
      expect(stages * held(found.stageRateLimit, found.stageBurstLimit)).toBeLessThanOrEqual(available + 1e-6);
      expect(held(found.rateLimit, found.burstLimit)).toBeLessThanOrEqual(available + 1e-6);
      expect(Math.min(found.rateLimit, found.burstLimit)).toBeGreaterThan(0);
    }),
  );
});

describe('props that do not add up are refused with the sum and the fix:', () => {
  it.each([
    [
      'what one key had',
      { rateLimit: 50, burstLimit: 100 },
      /one API key may hold 1350 .* it has 900; lower rateLimit/,
    ],
    ['what the stages had', { stageRateLimit: 500 }, /all callers may hold 25300 .* it has 900; lower stageRateLimit/],
    [
      'more reserved than there is',
      { concurrency: { perFunction: 100 } },
      /perFunction is 100, and the API has 13 functions: 1300 in all, but it has 900; set perFunction to 69 or less/,
    ],
    [
      'a key for more than is reserved',
      { rateLimit: 10, burstLimit: 50, concurrency: { perFunction: 10 } },
      /one API key may hold 300 .* it has 130/,
    ],
    ['a part of a function', { concurrency: { perFunction: 1.5 } }, /perFunction is 1\.5; .* whole number, 1 or more/],
    ['no function', { concurrency: { perFunction: 0 } }, /perFunction is 0; .* whole number, 1 or more/],
    ['too few for an account', { concurrency: { total: 9 } }, /total is 9; .* whole number, 10 or more/],
    ['no rate', { rateLimit: 0 }, /rateLimit is 0; .* more than 0/],
    ['no burst', { stageBurstLimit: 0 }, /stageBurstLimit is 0; .* whole number, 1 or more/],
  ])('%s', (_, props, message) => {
    expect(() => capacityOf(props, BOTH)).toThrow(message);
  });

  it('the error names the construct', () => {
    expect(() => newStack({ api, rateLimit: 50, burstLimit: 100 })).toThrow(/^[\w/]+\/Api: one API key may hold 1350/);
  });
});

test('a raised quota raises every default', () => {
  const wide = capacityOf({ concurrency: { total: 9_000 } }, BOTH);
  expect(wide).toMatchObject({ stageRateLimit: 120, stageBurstLimit: 1_500, rateLimit: 60, burstLimit: 750 });
});

test('what is reserved bounds the stages by itself, so that they may let through as much as they like', () => {
  const props = { concurrency: { perFunction: 40 }, stageRateLimit: 500, stageBurstLimit: 1_000 };
  expect(capacityOf(props, BOTH)).toMatchObject({ stageRateLimit: 500, stageBurstLimit: 1_000, perFunction: 40 });
});

test('without keys nothing is asked of the throttle of a key', () => {
  const people = { ...BOTH, hasKeys: false };
  expect(() => capacityOf({ rateLimit: 500, burstLimit: 1_000 }, people)).not.toThrow();
  const closed = defineApi({
    ...api,
    auth: { apiKeys: false, oidc: { issuer: 'https://example.com', audience: 'a' } },
  });
  expect(throttles(synth({ api: closed })).people).toEqual({ rate: 24, burst: 300 });
});

test('numbers that are known at deployment alone are not checked', () => {
  const later = Lazy.number({ produce: () => 5 });
  const props = { concurrency: { total: later, perFunction: later }, rateLimit: later, burstLimit: later };
  expect(() => capacityOf(props, BOTH)).not.toThrow();
});

function throttles({ ofType }: Synthesized) {
  const settings = ofType('AWS::ApiGateway::Stage')[0]?.Properties.MethodSettings[0];
  const plan = ofType('AWS::ApiGateway::UsagePlan')[0]?.Properties.Throttle;
  const route = ofType('AWS::ApiGatewayV2::Stage')[0]?.Properties.DefaultRouteSettings;
  return {
    stage: { rate: settings?.ThrottlingRateLimit, burst: settings?.ThrottlingBurstLimit },
    key: { rate: plan?.RateLimit, burst: plan?.BurstLimit },
    people: { rate: route?.ThrottlingRateLimit, burst: route?.ThrottlingBurstLimit },
  };
}
