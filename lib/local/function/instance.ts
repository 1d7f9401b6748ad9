// One running copy of a function: a worker thread with the function's bundle, environment, memory and time limits.
// It serves one call at a time and is thrown away when it crashes or runs out of time.

import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { type EngineCredentials, LOCAL_CREDENTIALS } from '../engine/engine-credentials.ts';
import { ACCOUNT, REGION } from '../template/intrinsics.ts';
import type { FunctionModel } from '../template/template.ts';

export type Outcome =
  | { readonly kind: 'answer'; readonly text: string }
  /** The function threw, crashed, or ran out of time or memory. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The gateway waited no longer; the function may still run. */
  | { readonly kind: 'integration-timeout' };

export type InstanceOptions = {
  readonly model: FunctionModel;
  /** The URL of DynamoDB. */
  readonly endpoint: string;
  /** The credentials for DynamoDB. @default those for engines that check none */
  readonly credentials?: EngineCredentials;
  readonly print: (line: string, stream: 'stdout' | 'stderr') => void;
};

type Message = { readonly kind: 'ready' } | { readonly kind: 'unloadable'; readonly reason: string } | Outcome;

/** The time to load a function, ten seconds as on Lambda, apart from its own timeout. */
const INIT_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 6 * 1024 * 1024;

export class Instance {
  readonly #worker: Worker;
  readonly #model: FunctionModel;
  readonly #loaded: Promise<Outcome | undefined>;
  #ended = false;

  constructor({ model, endpoint, credentials = LOCAL_CREDENTIALS, print }: InstanceOptions) {
    this.#model = model;
    const { directory, handler, name, memoryMb } = model;
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      env: environment(model, endpoint, credentials),
      // Without this the thread would inherit this process's options, such as a loader or a debugger.
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      workerData: { directory, handler, name, memoryMb, arn: functionArn(name), maxAnswerBytes: MAX_ANSWER_BYTES },
    });
    eachLine(this.#worker.stdout, (line) => print(line, 'stdout'));
    eachLine(this.#worker.stderr, (line) => print(line, 'stderr'));
    const end = () => {
      this.#ended = true;
    };
    // Without a listener an error between two calls would end this process.
    this.#worker.on('error', end).once('exit', end);
    this.#loaded = this.#load();
  }

  /** True if the instance has neither crashed nor been stopped. */
  get usable(): boolean {
    return !this.#ended;
  }

  async #load(): Promise<Outcome | undefined> {
    const message = await this.#next(INIT_TIMEOUT_MS);
    if (message.kind === 'ready') return undefined;
    await this.stop();
    return message.kind === 'unloadable' ? failed(`it cannot be loaded: ${message.reason}`) : message;
  }

  /** Sends one event (JSON text) and gives the function's answer. Never rejects. */
  async run(payload: string): Promise<Outcome> {
    const broken = await this.#loaded;
    if (broken) return broken;
    const timeoutMs = this.#model.timeoutSeconds * 1000;
    this.#worker.postMessage({ payload, requestId: randomUUID(), deadline: Date.now() + timeoutMs });
    return (await this.#next(timeoutMs)) as Outcome;
  }

  /** The worker's next message, or the failure that came instead. */
  #next(timeoutMs: number): Promise<Message> {
    if (this.#ended) return Promise.resolve(failed('it ended'));
    const worker = this.#worker;
    return new Promise((resolve) => {
      const settle = (message: Message) => {
        clearTimeout(timer);
        worker.off('message', settle).off('error', onError).off('exit', onExit);
        resolve(message);
      };
      const onError = (error: Error) => settle(failed(crash(error)));
      const onExit = (code: number) => settle(failed(`Runtime exited with code ${code}`));
      const timer = setTimeout(() => {
        void this.stop();
        settle(failed(`Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`));
      }, timeoutMs);
      worker.on('message', settle).on('error', onError).on('exit', onExit);
    });
  }

  async stop(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }
}

function failed(reason: string): Outcome {
  return { kind: 'failed', reason };
}

function crash(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'Runtime exited: out of memory' : (error.stack ?? error.message);
}

function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
}

/** The function's own variables and Lambda's; nothing of this process's. */
function environment(
  model: FunctionModel,
  endpoint: string,
  { accessKeyId, secretAccessKey }: EngineCredentials,
): Record<string, string> {
  return {
    ...model.environment,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_EXECUTION_ENV: `AWS_Lambda_${model.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${model.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    LAMBDA_TASK_ROOT: model.directory,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: model.handler,
  };
}

function eachLine(stream: Readable, take: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', take);
}
