// Telemetry of one request: how long each stage took, which plans ran, what DynamoDB charged, who called. Values that pass
// through the measured ports are not stored, so that none can get into a log.

import type { Meter, Ports, Units } from './ports.ts';

/** A timed stage of a request. The audit row of a mutation is part of its write. */
export type Stage = 'records' | 'read' | 'write' | 'audit';

type Span = { readonly stage: Stage; readonly milliseconds: number };

/** The caller as the log names it. */
type Caller = { readonly id: string; readonly kind: string };

/** The most calls recorded singly: a contended write makes hundreds. Sums count all. */
const MAX_SPANS = 40;

export class Telemetry {
  readonly spans: Span[] = [];
  readonly #meter: Meter;
  readonly #start: number;
  readonly #before: Units;
  readonly #sums = new Map<Stage, number>();
  readonly #plans = new Set<string>();
  #principal: Caller | undefined;
  #auditFailures = 0;

  /** Starts the request's clock. */
  constructor(meter: Meter) {
    this.#meter = meter;
    this.#start = meter.clock();
    this.#before = meter.consumed();
  }

  /** Sets the caller: first as the gateway authenticated it, then as its records say. */
  identify({ id, kind }: Caller): void {
    this.#principal = { id, kind };
  }

  get principal(): Caller | undefined {
    return this.#principal;
  }

  /** The kinds of the plans that ran, in order, as `get+update`; `undefined` if none did. */
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

  /** Milliseconds by stage; concurrent calls are added up. */
  get stages(): ReadonlyMap<Stage, number> {
    return this.#sums;
  }

  get units(): Units {
    const { read, write } = this.#meter.consumed();
    return { read: read - this.#before.read, write: write - this.#before.write };
  }

  /** Returns ports that time each call to DynamoDB as its stage and record the kinds of plans. */
  measured(ports: Ports): Ports {
    return {
      ...ports,
      loadRecords: (ids) => this.#measure('records', () => ports.loadRecords(ids)),
      read: (plan, ...rest) => this.#measure('read', () => ports.read(plan, ...rest), plan.kind),
      readAll: (plan, ...rest) => this.#measure('read', () => ports.readAll(plan, ...rest), plan.kind),
      readAudit: (plan, ...rest) => this.#measure('read', () => ports.readAudit(plan, ...rest), plan.kind),
      findRequest: (id) => this.#measure('read', () => ports.findRequest(id)),
      write: (plan, ...rest) => this.#measure('write', () => ports.write(plan, ...rest), plan.kind),
      putAudit: (rows) => this.#measure('audit', () => ports.putAudit(rows)),
    };
  }

  async #measure<T>(stage: Stage, run: () => Promise<T>, plan?: string): Promise<T> {
    if (plan !== undefined) this.#plans.add(plan);
    const start = this.#meter.clock();
    try {
      return await run();
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
