// One request as operators see it: its ports, each measured on the way through, and what they told. Values that pass are
// not kept, so that nothing of them can get into a log.

import type { Meter, Ports, Units } from './ports.ts';

/** What takes a request's time. The audit row of a mutation is part of its write. */
export type Stage = 'records' | 'read' | 'write' | 'audit';

type Span = { readonly stage: Stage; readonly milliseconds: number };

/** The ports that are no call to the world outside, or are told of others. */
type Unmeasured =
  | 'begin'
  | 'now'
  | 'sleep'
  | 'random'
  | 'newId'
  | 'digest'
  | 'seal'
  | 'encrypt'
  | 'decrypt'
  | 'log'
  | 'note'
  | 'meter';

const STAGES: Readonly<Record<Exclude<keyof Ports, Unmeasured>, Stage>> = {
  loadRecords: 'records',
  read: 'read',
  readAll: 'read',
  findRequest: 'read',
  readAudit: 'read',
  write: 'write',
  putAudit: 'audit',
};

/** A write that others keep getting in front of has hundreds of calls; the first and the sums tell enough. */
const MAX_SPANS = 40;

export class Observation {
  /** The ports of this one request. */
  readonly ports: Ports;
  readonly spans: Span[] = [];
  readonly #meter: Meter;
  readonly #start: number;
  readonly #before: Units;
  readonly #sums = new Map<Stage, number>();
  readonly #plans = new Set<string>();
  #principal: { readonly id: string; readonly kind: string } | undefined;
  #auditFailures = 0;

  constructor(ports: Ports) {
    this.#meter = ports.meter;
    this.#start = ports.meter.clock();
    this.#before = ports.meter.consumed();
    this.ports = this.#measured({
      ...ports,
      note: (principal) => {
        this.#principal = principal;
        ports.note(principal);
      },
    });
  }

  get principal(): { readonly id: string; readonly kind: string } | undefined {
    return this.#principal;
  }

  /** The kinds of the plans that ran, in order: `get+update`; undefined where none did. */
  get plan(): string | undefined {
    return this.#plans.size > 0 ? [...this.#plans].join('+') : undefined;
  }

  get auditFailures(): number {
    return this.#auditFailures;
  }

  /** Milliseconds since the request came in. */
  get total(): number {
    return (this.#meter.clock() - this.#start) / 1e3;
  }

  /** Milliseconds by stage; calls that ran side by side both count. */
  get stages(): ReadonlyMap<Stage, number> {
    return this.#sums;
  }

  get units(): Units {
    const { read, write } = this.#meter.consumed();
    return { read: read - this.#before.read, write: write - this.#before.write };
  }

  #measured(ports: Ports): Ports {
    const entries = Object.entries(STAGES).map(([name, stage]) => {
      const run = ports[name as keyof typeof STAGES] as (...args: readonly unknown[]) => Promise<unknown>;
      return [name, (...args: readonly unknown[]) => this.#measure(stage, args, run)];
    });
    return { ...ports, ...Object.fromEntries(entries) };
  }

  async #measure<T>(
    stage: Stage,
    args: readonly unknown[],
    run: (...args: readonly unknown[]) => Promise<T>,
  ): Promise<T> {
    const kind = planKind(args[0]);
    if (kind !== undefined) this.#plans.add(kind);
    const start = this.#meter.clock();
    try {
      return await run(...args);
    } catch (error) {
      if (stage === 'audit') this.#auditFailures += 1;
      throw error;
    } finally {
      const milliseconds = (this.#meter.clock() - start) / 1e3;
      this.#sums.set(stage, (this.#sums.get(stage) ?? 0) + milliseconds);
      if (this.spans.length < MAX_SPANS) this.spans.push({ stage, milliseconds });
    }
  }
}

/** Only plans have a table and a kind. */
function planKind(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('table' in argument && 'kind' in argument))
    return undefined;
  return typeof argument.kind === 'string' ? argument.kind : undefined;
}
