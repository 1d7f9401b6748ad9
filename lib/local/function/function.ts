// A function as Lambda runs it: one call at a time in each instance, more instances while calls wait, idle ones kept.
// Lambda starts as many as are needed; here a few, so that a burst of calls does not fill this machine's memory.

import { Instance, type InstanceOptions, type Outcome } from './instance.ts';

export type LocalFunction = {
  /** Sends an event (JSON text); waits for the answer no longer than `waitMs`. Never rejects. */
  invoke(payload: string, waitMs: number): Promise<Outcome>;
  stop(): Promise<void>;
};

export type FunctionOptions = InstanceOptions & {
  /** Takes why a call failed. */
  readonly log: (line: string) => void;
  /** @default 4 */
  readonly maxInstances?: number;
};

type Call = { readonly payload: string; abandoned: boolean; readonly settle: (outcome: Outcome) => void };

const MAX_INSTANCES = 4;

export function localFunction(options: FunctionOptions): LocalFunction {
  const pool = new Pool(options);
  return { invoke: (payload, waitMs) => pool.invoke(payload, waitMs), stop: () => pool.stop() };
}

class Pool {
  readonly #options: FunctionOptions;
  readonly #idle: Instance[] = [];
  readonly #all = new Set<Instance>();
  readonly #waiting: Call[] = [];

  constructor(options: FunctionOptions) {
    this.#options = options;
  }

  invoke(payload: string, waitMs: number): Promise<Outcome> {
    return new Promise((resolve) => {
      const settle = (outcome: Outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      const call: Call = { payload, abandoned: false, settle };
      const timer = setTimeout(() => {
        call.abandoned = true;
        resolve({ kind: 'integration-timeout' });
      }, waitMs);
      this.#waiting.push(call);
      this.#dispatch();
    });
  }

  #dispatch(): void {
    const max = this.#options.maxInstances ?? MAX_INSTANCES;
    while (this.#waiting.length > 0) {
      const instance = this.#takeIdle() ?? (this.#all.size < max ? this.#start() : undefined);
      if (!instance) return;
      void this.#serve(instance, this.#waiting.shift() as Call);
    }
  }

  /** Takes the idle instance that was used last, so that a quiet API uses one only. */
  #takeIdle(): Instance | undefined {
    for (let instance = this.#idle.pop(); instance; instance = this.#idle.pop()) {
      if (instance.usable) return instance;
      this.#all.delete(instance);
    }
    return undefined;
  }

  #start(): Instance {
    const instance = new Instance(this.#options);
    this.#all.add(instance);
    return instance;
  }

  async #serve(instance: Instance, call: Call): Promise<void> {
    // Skip an abandoned call: it must not run after its caller got the answer that it failed.
    if (!call.abandoned) {
      const outcome = await instance.run(call.payload);
      if (outcome.kind === 'failed') this.#options.log(outcome.reason);
      call.settle(outcome);
    }
    if (instance.usable) this.#idle.push(instance);
    else this.#all.delete(instance);
    this.#dispatch();
  }

  async stop(): Promise<void> {
    for (const call of this.#waiting.splice(0)) call.settle({ kind: 'failed', reason: 'the runtime stops' });
    await Promise.all([...this.#all].map((instance) => instance.stop()));
  }
}
