// Measures two ways to do the same in turns, A B A B …, so that whatever else the machine does meets both alike.

/** One way. What a request needs is prepared before the clock runs. */
export type Side<T> = {
  readonly prepare: () => T;
  readonly run: (prepared: T) => unknown;
};

export type TurnOptions = {
  readonly turns: number;
  /** Requests of each side in a turn. */
  readonly perTurn: number;
  /** Turns before those that count. @default as many, fifty at most */
  readonly warmUp?: number;
};

/** Medians over the turns. */
export type Turns = {
  /** How many there were. */
  readonly turns: number;
  /** Time of A by time of B, turn by turn. */
  readonly ratio: number;
  /** The same of processor time, user and system, of the whole process. */
  readonly cpuRatio: number;
  /** Milliseconds of one request of each. */
  readonly milliseconds: { readonly a: number; readonly b: number };
  readonly cpuMilliseconds: { readonly a: number; readonly b: number };
};

/** By then what is hot is compiled. */
const WARM_UP_TURNS = 50;
/** What takes longer has fewer turns: a run should end before anyone gives up on it. */
const MOST_MS = 30_000;
const FEWEST_TURNS = 3;

export async function inTurns<A, B>(a: Side<A>, b: Side<B>, options: TurnOptions): Promise<Turns> {
  const { turns, perTurn, warmUp = Math.min(WARM_UP_TURNS, turns) } = options;
  const turn = async () => ({ a: await measure(a, perTurn), b: await measure(b, perTurn) });
  await repeat(turn, warmUp, MOST_MS / 2);
  const pairs = await repeat(turn, turns, MOST_MS);
  const medianOf = (pick: (pair: (typeof pairs)[number]) => number) => median(pairs.map(pick));
  return {
    turns: pairs.length,
    ratio: medianOf((pair) => pair.a.wall / pair.b.wall),
    cpuRatio: medianOf((pair) => pair.a.cpu / pair.b.cpu),
    milliseconds: { a: medianOf((pair) => pair.a.wall), b: medianOf((pair) => pair.b.wall) },
    cpuMilliseconds: { a: medianOf((pair) => pair.a.cpu), b: medianOf((pair) => pair.b.cpu) },
  };
}

async function repeat<T>(run: () => Promise<T>, times: number, mostMs: number): Promise<readonly T[]> {
  const results: T[] = [];
  const deadline = performance.now() + mostMs;
  while (results.length < times && (results.length < FEWEST_TURNS || performance.now() < deadline)) {
    results.push(await run());
  }
  return results;
}

/** Milliseconds of one request. */
type Spent = { readonly wall: number; readonly cpu: number };

async function measure<T>({ prepare, run }: Side<T>, count: number): Promise<Spent> {
  const prepared = Array.from({ length: count }, prepare);
  const before = process.cpuUsage();
  const start = performance.now();
  for (const each of prepared) await run(each);
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall: wall / count, cpu: (user + system) / 1e3 / count };
}

/** @param numbers at least one */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

const ROUNDS = 20;
const WARM_UP_ROUNDS = 12;
const ROUND_MS = 50;
const BURST = 20;

/** How often something can be done in a second of one core: the median of some rounds, of processor time. */
export function perSecond(run: () => unknown): number {
  return median(Array.from({ length: ROUNDS }, () => round(run)).slice(WARM_UP_ROUNDS));
}

function round(run: () => unknown): number {
  const before = process.cpuUsage();
  for (let count = BURST; ; count += BURST) {
    for (let at = 0; at < BURST; at += 1) run();
    const { user, system } = process.cpuUsage(before);
    const milliseconds = (user + system) / 1e3;
    if (milliseconds >= ROUND_MS) return (count / milliseconds) * 1e3;
  }
}
