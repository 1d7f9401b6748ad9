// Computes how many functions of an API may run at once, and throttles that keep callers within it: a caller who sends as
// much as a throttle lets through, each request at the function's time limit, occupies burst + rate × time functions.

import { Token } from 'aws-cdk-lib';

export interface ConcurrencyProps {
  /**
   * Functions of this API that may run at once: its share of the account's quota in the region. Throttles are checked
   * against it; by itself it reserves nothing.
   * @default 900: the quota of 1,000 that accounts have, less the 100 that Lambda keeps unreserved
   */
  readonly total?: number;
  /**
   * Reserves so many for each function, which is also the most that run of it. Lambda refuses a deployment that leaves less
   * than 100 of the account's quota unreserved: an account whose quota is still 10 can reserve nothing.
   * @default nothing is reserved; the throttles alone bound how many run
   */
  readonly perFunction?: number;
}

export interface ThrottleProps {
  /**
   * Requests per second of all callers together, of the REST API and of the HTTP API each.
   * @default 24, or 12 where there are both: with the burst, at 25 s a request, `concurrency.total`
   */
  readonly stageRateLimit?: number;
  /** Requests of all callers at once, likewise. @default 300, or 150 where there are both: a third of `concurrency.total` */
  readonly stageBurstLimit?: number;
  /** Requests per second of one API key. @default half of its stage's */
  readonly rateLimit?: number;
  /** Requests of one API key at once. @default half of its stage's */
  readonly burstLimit?: number;
}

export type Capacity = Required<ThrottleProps> & { readonly perFunction: number | undefined };

/** The time limit of a function, in seconds: the longest that one request occupies it. */
export const FUNCTION_SECONDS = 25;

const TOTAL = 900;
/** The least `total`: the quota of new accounts. */
const LEAST_TOTAL = 10;
/** The share of a caller's functions that is left to bursts, and the share of a stage's that one key has. */
const BURST_PART = 1 / 3;
const KEY_PART = 1 / 2;

type Of = { readonly functions: number; readonly hasKeys: boolean; readonly hasPeople: boolean };

/**
 * Computes the throttles and reservations of an API.
 * @throws Error that names the prop, if a number is out of range or the limits exceed the total
 */
export function capacityOf(props: ThrottleProps & { readonly concurrency?: ConcurrencyProps }, of: Of): Capacity {
  const { total = TOTAL, perFunction } = props.concurrency ?? {};
  checkWhole('concurrency.total', total, LEAST_TOTAL);
  if (perFunction !== undefined) checkWhole('concurrency.perFunction', perFunction, 1);
  const reserved = perFunction === undefined ? undefined : perFunction * of.functions;
  const stages = of.hasKeys && of.hasPeople ? 2 : 1;
  const share = Math.floor((reserved ?? total) / stages);
  const stage = throttleFor(share);
  const key = throttleFor(share * KEY_PART);
  const capacity = {
    stageRateLimit: props.stageRateLimit ?? stage.rate,
    stageBurstLimit: props.stageBurstLimit ?? stage.burst,
    rateLimit: props.rateLimit ?? key.rate,
    burstLimit: props.burstLimit ?? key.burst,
    perFunction,
  };
  checkRanges(capacity);
  checkSum(capacity, { total, reserved, stages, ...of });
  return capacity;
}

/** The throttle whose caller occupies at most that many functions. */
function throttleFor(functions: number): { readonly rate: number; readonly burst: number } {
  const burst = Math.max(1, Math.floor(functions * BURST_PART));
  return { burst, rate: Math.max(0.1, Math.floor(((functions - burst) * 10) / FUNCTION_SECONDS) / 10) };
}

function worst(rate: number, burst: number): number {
  return Math.ceil(Math.round((burst + rate * FUNCTION_SECONDS) * 1e3) / 1e3);
}

function checkWhole(name: string, value: number, least: number): void {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= least)) return;
  throw new Error(`${name} is ${value}; it must be a whole number, ${least} or more`);
}

function checkRanges({ stageRateLimit, stageBurstLimit, rateLimit, burstLimit }: Required<ThrottleProps>): void {
  for (const [name, rate] of Object.entries({ stageRateLimit, rateLimit })) {
    if (Token.isUnresolved(rate) || (Number.isFinite(rate) && rate > 0)) continue;
    throw new Error(`${name} is ${rate}; it must be a number of requests a second, more than 0`);
  }
  for (const [name, burst] of Object.entries({ stageBurstLimit, burstLimit })) checkWhole(name, burst, 1);
}

type Sum = Of & { readonly total: number; readonly reserved: number | undefined; readonly stages: number };

/** Checks that the limits fit in the total. Numbers that are known only at deployment are not checked. */
function checkSum(capacity: Capacity, { total, reserved, stages, functions, hasKeys }: Sum): void {
  const { stageRateLimit, stageBurstLimit, rateLimit, burstLimit, perFunction } = capacity;
  if (Object.values({ ...capacity, total }).some((value) => Token.isUnresolved(value))) return;
  if (reserved !== undefined && reserved > total) {
    throw notAddingUp(
      `concurrency.perFunction is ${perFunction}, and the API has ${functions} functions: ${reserved} in all`,
      total,
      `set perFunction to ${Math.floor(total / functions)} or less`,
    );
  }
  const ofKey = worst(rateLimit, burstLimit);
  if (hasKeys && ofKey > (reserved ?? total)) {
    const said = `one API key may hold ${ofKey} functions (${burstLimit} at once and ${rateLimit} a second, of ${FUNCTION_SECONDS} s each)`;
    throw notAddingUp(said, reserved ?? total, 'lower rateLimit or burstLimit');
  }
  const ofStages = stages * worst(stageRateLimit, stageBurstLimit);
  // Reservations bound by themselves: Lambda runs no more functions, whatever the stages let through.
  if (reserved === undefined && ofStages > total) {
    const said = `all callers may hold ${ofStages} functions (${stages > 1 ? 'at each of 2 stages ' : ''}${stageBurstLimit} at once and ${stageRateLimit} a second, of ${FUNCTION_SECONDS} s each)`;
    throw notAddingUp(said, total, 'lower stageRateLimit or stageBurstLimit, or reserve with concurrency.perFunction');
  }
}

function notAddingUp(said: string, available: number, fix: string): Error {
  return new Error(
    `${said}, but it has ${available}; ${fix}, or raise concurrency.total where the account's quota has room`,
  );
}
