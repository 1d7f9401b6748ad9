// Runs one function's bundle in a thread, as the Lambda runtime runs it in a process: loads it once, then answers one
// event at a time. Plain JavaScript, so that no TypeScript loader stands between a bundle and Node.

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const { directory, handler: spec, name, memoryMb, arn, maxAnswerBytes } = workerData;

/** `index.handler`: the export `handler` of index.mjs, index.cjs or index.js. */
async function load() {
  const dot = spec.lastIndexOf('.');
  const file = readdirSync(directory).find(
    (each) => /^\.[cm]?js$/.test(each.slice(dot)) && each.startsWith(spec.slice(0, dot)),
  );
  if (!file) throw new Error(`the bundle has no file for the handler ${spec}`);
  const path = join(directory, file);
  const module = file.endsWith('.mjs') ? await import(pathToFileURL(path).href) : createRequire(path)(path);
  const handler = module[spec.slice(dot + 1)];
  if (typeof handler !== 'function') throw new Error(`${spec} is undefined or not exported`);
  return handler;
}

function context({ requestId, deadline }) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    memoryLimitInMB: String(memoryMb),
    invokedFunctionArn: arn,
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function failure(error) {
  return { kind: 'failed', reason: String(error?.stack ?? error) };
}

async function answer(handler, call) {
  try {
    const text = JSON.stringify((await handler(JSON.parse(call.payload), context(call))) ?? null);
    const bytes = Buffer.byteLength(text);
    if (bytes <= maxAnswerBytes) return { kind: 'answer', text };
    return {
      kind: 'failed',
      reason: `Response payload size exceeded maximum allowed payload size (${maxAnswerBytes} bytes)`,
    };
  } catch (error) {
    return failure(error);
  }
}

const handler = await load().catch((error) => {
  parentPort.postMessage({ ...failure(error), kind: 'unloadable' });
});
if (handler) {
  parentPort.on('message', async (call) => parentPort.postMessage(await answer(handler, call)));
  parentPort.postMessage({ kind: 'ready' });
}
