import { randomUUID } from 'node:crypto';
import { url as inspectorUrl } from 'node:inspector';
import { availableParallelism } from 'node:os';
import type { Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { Clock } from './clock.ts';
import type { FunctionFault, WorkerMessage, WorkerRequest, WorkerSettings } from './lambda-worker.ts';
import type { LocalFunction } from './resources.ts';

export type InvokeResult =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly fault: FunctionFault };

/** A function with its workers. */
export type LambdaPool = {
  /** Never rejects. What the function throws, its timeout and its crash are returned as faults, as Lambda does. */
  readonly invoke: (payload: string) => Promise<InvokeResult>;
  readonly stop: () => Promise<void>;
};

/** The most workers. More would not be faster on a developer's machine, so further requests wait. */
const MOST_WORKERS = Math.min(8, Math.max(4, 2 * availableParallelism()));

type Waiting = {
  readonly payload: string;
  readonly resolve: (result: InvokeResult) => void;
};

/** A worker, and the number of requests that it got, which wakes it. */
type Runner = { readonly worker: Worker; readonly requests: Int32Array };

/**
 * Runs the bundle unchanged. As on Lambda, each worker serves one request at a time and keeps its module state between
 * requests. A worker is added when all are busy.
 */
export function openLambdaPool(
  lambda: LocalFunction,
  {
    environment,
    clock,
    log,
  }: { readonly environment: () => Record<string, string>; readonly clock: Clock; readonly log: Writable },
): LambdaPool {
  const queue: Waiting[] = [];
  const idle: Runner[] = [];
  const workers = new Set<Runner>();
  const most = Math.min(MOST_WORKERS, lambda.reservedConcurrency ?? MOST_WORKERS);

  function serve(): void {
    while (queue.length > 0) {
      const runner = idle.pop() ?? (workers.size < most ? startWorker() : undefined);
      const next = runner && queue.shift();
      if (runner === undefined || next === undefined) return;
      void run(runner, next);
    }
  }

  function startWorker(): Runner {
    const requests = new Int32Array(new SharedArrayBuffer(4));
    const settings: WorkerSettings = {
      ...pick(lambda),
      clockOffset: clock.offset,
      requests,
      isFrozen: inspectorUrl() === undefined,
    };
    const worker = new Worker(new URL('./lambda-worker.ts', import.meta.url), {
      workerData: settings,
      env: { ...environment(), ...lambda.environment, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambda.memoryMb) },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: lambda.memoryMb },
      stdout: true,
      stderr: true,
    });
    const runner = { worker, requests };
    workers.add(runner);
    worker.stdout.pipe(log, { end: false });
    worker.stderr.pipe(log, { end: false });
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'log') log.write(message.text);
    });
    worker.on('error', (error) => log.write(`${error.stack ?? String(error)}\n`));
    worker.on('exit', () => discard(runner));
    return runner;
  }

  function discard(runner: Runner): void {
    workers.delete(runner);
    const place = idle.indexOf(runner);
    if (place >= 0) idle.splice(place, 1);
  }

  async function run(runner: Runner, { resolve, payload }: Waiting): Promise<void> {
    const result = await converse(runner, payload, timeoutOf(lambda));
    if (workers.has(runner) && (result.ok || !LOST.has(result.fault.errorType))) {
      idle.push(runner);
    } else {
      discard(runner);
      void runner.worker.terminate();
    }
    resolve(result);
    serve();
  }

  return {
    invoke: (payload) =>
      new Promise((resolve) => {
        queue.push({ payload, resolve });
        serve();
      }),
    async stop() {
      queue.length = 0;
      await Promise.all([...workers].map(({ worker }) => worker.terminate()));
    },
  };
}

const A_DAY_MS = 24 * 3_600_000;

/** Returns a day while a debugger may be attached: a person at a breakpoint takes longer than any function may. */
function timeoutOf({ timeoutMs }: LocalFunction): number {
  return inspectorUrl() === undefined ? timeoutMs : A_DAY_MS;
}

const TIMED_OUT = 'Sandbox.Timedout';
const EXITED = 'Runtime.ExitError';
/** After these faults the worker cannot serve another request. */
const LOST = new Set([TIMED_OUT, EXITED]);

/** Hands a request to a worker, and returns the answer. The time to load the bundle counts as the request's. */
function converse({ worker, requests }: Runner, payload: string, timeoutMs: number): Promise<InvokeResult> {
  const requestId = randomUUID();
  const { promise, resolve } = Promise.withResolvers<InvokeResult>();
  const fail = (errorType: string, errorMessage: string) =>
    resolve({ ok: false, fault: { errorType, errorMessage: `RequestId: ${requestId} ${errorMessage}`, trace: [] } });
  const timer = setTimeout(
    () => fail(TIMED_OUT, `Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`),
    timeoutMs,
  );
  const onMessage = (message: WorkerMessage) => {
    if (message.kind === 'answer') resolve({ ok: true, payload: message.payload });
    if (message.kind === 'fault') resolve({ ok: false, fault: message.fault });
  };
  const onError = (error: Error) => fail(EXITED, `Error: ${error.name}: ${error.message}`);
  const onExit = () => fail(EXITED, 'Error: Runtime exited without providing a reason');
  worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  const request: WorkerRequest = {
    requestId,
    payload,
    deadline: performance.timeOrigin + performance.now() + timeoutMs,
  };
  worker.postMessage(request);
  Atomics.add(requests, 0, 1);
  Atomics.notify(requests, 0);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off('message', onMessage).off('error', onError).off('exit', onExit);
  });
}

const pick = ({ bundle, exportName, functionName, arn, memoryMb }: LocalFunction) => ({
  bundle,
  exportName,
  functionName,
  arn,
  memoryMb,
});
