// Clients that race for a few items, and what each of them saw, in the form that `linearize` takes. Every write is known by a
// value of its own, so that no two states of an item are alike.

import type { Received, Sent } from './api.ts';
import type { Operation, State } from './linearize.ts';
import type { Seeded } from './seeded.ts';

type Plain = Readonly<Record<string, unknown>>;
type Kind = 'create' | 'put' | 'patch' | 'delete' | 'get';
type Send = (method: string, path: string, sent: Sent) => Promise<Received>;

/** One request and its answer. Moments are counted, by one clock for all clients. */
export type Seen = {
  readonly kind: Kind;
  readonly id: string;
  readonly body: Plain | undefined;
  /** What the client knew of the item, where it sent `If-Match` for it. */
  readonly matches: State | undefined;
  readonly key: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly answer: Received;
};

export type Race = {
  readonly send: Send;
  readonly as: string;
  readonly clients: number;
  readonly requests: number;
  readonly ids: readonly string[];
  readonly seed: Seeded;
  /** Names what this race writes. */
  readonly name: string;
};

export const ABSENT: State = 'absent';
/** After which a client sends its request once more, under the same key. */
const OPEN = [429, 503];
const MOST_TRIES = 8;
const KINDS: readonly Kind[] = ['create', 'create', 'put', 'put', 'patch', 'patch', 'delete', 'get', 'get'];
const METHOD = { create: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE', get: 'GET' } as const;

export const stateOf = (item: Plain): State =>
  JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
const itemOf = (state: State): Plain => Object.fromEntries(JSON.parse(state) as [string, unknown][]);

let clock = 0;
const tick = () => {
  clock += 1;
  return clock;
};

type Wanted = Omit<Seen, 'start' | 'end' | 'answer'> & { readonly tag: string | undefined };
type Known = Map<string, { readonly tag: string; readonly state: State }>;

/** All clients at once, each with one request at a time and repeats of some of them beside it. */
export async function race(given: Race): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const { clients, requests, seed } = given;
  const client = async (_: unknown, instance: number) => {
    const known: Known = new Map();
    for (let at = 0; at < requests; at += 1) {
      const wanted = choose(given, `${given.name}-${instance}-${at}`, known);
      const isTwice = wanted.key !== undefined && seed.below(2) === 0;
      const twin = isTwice ? ask(given, wanted, instance) : undefined;
      const answers = await insist(given, wanted, instance);
      seen.push(...answers, ...(twin ? [await twin] : []));
      remember(known, answers.at(-1));
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return seen;
}

function choose({ seed, ids }: Race, name: string, known: Known): Wanted {
  const [kind, id] = [seed.pick(KINDS), seed.pick(ids)];
  const last = known.get(id);
  const isMatched = last !== undefined && kind !== 'create' && kind !== 'get' && seed.below(3) === 0;
  const key = kind !== 'get' && seed.below(3) === 0 ? name : undefined;
  const { state, tag } = isMatched ? last : { state: undefined, tag: undefined };
  return { kind, id, body: bodyOf(kind, id, name, seed), key, matches: state, tag };
}

async function ask({ send, as }: Race, { tag, ...what }: Wanted, instance: number): Promise<Seen> {
  const { kind, id, body, key } = what;
  const headers = {
    ...(tag !== undefined && { 'If-Match': tag }),
    ...(key !== undefined && { 'Idempotency-Key': key }),
  };
  const path = kind === 'create' ? '/item' : `/item/${id}`;
  const start = tick();
  const answer = await send(METHOD[kind], path, { as, instance, headers, ...(body && { body }) });
  return { ...what, start, end: OPEN.includes(answer.status) ? Number.POSITIVE_INFINITY : tick(), answer };
}

/** A request with a key is sent again until it is known what became of it. */
async function insist(given: Race, wanted: Wanted, instance: number): Promise<readonly Seen[]> {
  const seen = [await ask(given, wanted, instance)];
  const isOpen = () => OPEN.includes(seen.at(-1)?.answer.status ?? 0);
  while (wanted.key !== undefined && isOpen() && seen.length < MOST_TRIES)
    seen.push(await ask(given, wanted, instance));
  return seen;
}

function remember(known: Known, last: Seen | undefined): void {
  const tag = last?.answer.headers['ETag'];
  if (last?.answer.status === 200 && tag !== undefined) known.set(last.id, { tag, state: stateOf(last.answer.json) });
}

function bodyOf(kind: Kind, id: string, value: string, seed: Seeded): Plain | undefined {
  const attribute = seed.pick(['a', 'b', 'c']);
  if (kind === 'create') return { id, value };
  if (kind === 'put') return { value, [attribute]: value };
  return kind === 'patch' ? { value, [attribute]: seed.below(2) === 0 ? null : value } : undefined;
}

/**
 * The operations on one item. Of a request without an answer the audit tells whether it was done.
 * @param changed the ids of the requests that have an audit row of a change
 */
export function operationsOn(id: string, seen: readonly Seen[], changed: ReadonlySet<string>): readonly Operation[] {
  return seen
    .filter((each) => each.id === id)
    .flatMap((each) => {
      const { kind, start, end, answer, body } = each;
      const name = `${kind} ${JSON.stringify(body)}: ${answer.status} ${answer.text}`;
      return stepsOf(each, changed.has(requestId(each))).map((step) => ({ name, start, end, step }));
    });
}

export const requestId = ({ answer }: Seen): string => answer.headers['X-Request-Id'] ?? '';

/** Mostly one; a request that found by its key that it had been done, though it had not been answered, is a write and a read. */
function stepsOf(seen: Seen, isChanged: boolean): readonly Operation['step'][] {
  const { kind, body, matches, answer } = seen;
  const isRepeat = answer.headers['Idempotency-Replayed'] === 'true';
  const write: Operation['step'] = (state) =>
    matches === undefined || state === matches ? effect(kind, body, state) : undefined;
  const told = isRepeat ? repeatOf(seen) : tellingOf(seen, write);
  // What it did may be gone again by the time that it looks.
  const isGone = answer.status === 404 && seen.key !== undefined;
  const isOpen = OPEN.includes(answer.status) || isRepeat || isGone;
  return [...(isOpen && isChanged ? [write] : []), ...(told ? [told] : [])];
}

const isPresent = (state: State) => (state === ABSENT ? undefined : state);
const shows = (item: Plain) => (state: State) => (state === stateOf(item) ? state : undefined);

/** What a repeat of a write tells of the item as it stands. */
function repeatOf({ answer: { status, json } }: Seen): Operation['step'] | undefined {
  if (status === 200) return shows(json);
  return status === 201 ? isPresent : undefined;
}

/** What an answer tells; of a request without one nothing. */
function tellingOf(
  { kind, matches, answer: { status, json } }: Seen,
  write: Operation['step'],
): Operation['step'] | undefined {
  switch (status) {
    case 404:
      return (state) => (state === ABSENT ? state : undefined);
    case 409:
      return json.code === 'already_exists' ? isPresent : undefined;
    case 412:
      return (state) => (state === matches ? undefined : isPresent(state));
    case 200: {
      const shown = shows(json);
      return kind === 'get' ? shown : (state) => (write(state) === stateOf(json) ? write(state) : undefined);
    }
    default:
      return OPEN.includes(status) ? undefined : write;
  }
}

/** What a request makes of a state; undefined where it could not have been done. */
function effect(kind: Kind, body: Plain = {}, state: State): State | undefined {
  if (kind === 'create') return state === ABSENT ? stateOf(body) : undefined;
  if (state === ABSENT) return undefined;
  if (kind === 'delete') return ABSENT;
  const merged = Object.entries({ ...itemOf(state), ...body });
  return stateOf(Object.fromEntries(merged.filter(([, value]) => value !== null)));
}
