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

type Waiting = WorkerRequest & {
  readonly resolve: (result: InvokeResult) => void;
};

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
  const idle: Worker[] = [];
  const workers = new Set<Worker>();
  const most = Math.min(MOST_WORKERS, lambda.reservedConcurrency ?? MOST_WORKERS);
  const settings: WorkerSettings = { ...pick(lambda), clockOffset: clock.offset };

  function serve(): void {
    while (queue.length > 0) {
      const worker = idle.pop() ?? (workers.size < most ? startWorker() : undefined);
      const next = worker && queue.shift();
      if (worker === undefined || next === undefined) return;
      void run(worker, next);
    }
  }

  function startWorker(): Worker {
    const worker = new Worker(new URL('./lambda-worker.ts', import.meta.url), {
      workerData: settings,
      env: { ...environment(), ...lambda.environment, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambda.memoryMb) },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: lambda.memoryMb },
      stdout: true,
      stderr: true,
    });
    workers.add(worker);
    worker.stdout.pipe(log, { end: false });
    worker.stderr.pipe(log, { end: false });
    worker.on('error', (error) => log.write(`${error.stack ?? String(error)}\n`));
    worker.on('exit', () => discard(worker));
    return worker;
  }

  function discard(worker: Worker): void {
    workers.delete(worker);
    const place = idle.indexOf(worker);
    if (place >= 0) idle.splice(place, 1);
  }

  async function run(worker: Worker, { resolve, ...request }: Waiting): Promise<void> {
    const result = await converse(worker, request);
    if (workers.has(worker) && (result.ok || !LOST.has(result.fault.errorType))) {
      idle.push(worker);
    } else {
      discard(worker);
      void worker.terminate();
    }
    resolve(result);
    serve();
  }

  return {
    invoke: (payload) =>
      new Promise((resolve) => {
        queue.push({ requestId: randomUUID(), payload, timeoutMs: timeoutOf(lambda), resolve });
        serve();
      }),
    async stop() {
      queue.length = 0;
      await Promise.all([...workers].map((worker) => worker.terminate()));
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
const started = new WeakSet<Worker>();

function converse(worker: Worker, request: WorkerRequest): Promise<InvokeResult> {
  const { promise, resolve } = Promise.withResolvers<InvokeResult>();
  const fail = (errorType: string, errorMessage: string) =>
    resolve({
      ok: false,
      fault: { errorType, errorMessage: `RequestId: ${request.requestId} ${errorMessage}`, trace: [] },
    });
  let timer: NodeJS.Timeout | undefined;
  // The time to load the bundle does not count as the request's.
  const startTimer = () => {
    started.add(worker);
    timer = setTimeout(
      () => fail(TIMED_OUT, `Error: Task timed out after ${(request.timeoutMs / 1000).toFixed(2)} seconds`),
      request.timeoutMs,
    );
  };
  const onMessage = (message: WorkerMessage) => {
    if (message.kind === 'ready') {
      startTimer();
    } else if (message.kind === 'answer') {
      resolve({ ok: true, payload: message.payload });
    } else {
      resolve({ ok: false, fault: message.fault });
    }
  };
  const onError = (error: Error) => fail(EXITED, `Error: ${error.name}: ${error.message}`);
  const onExit = () => fail(EXITED, 'Error: Runtime exited without providing a reason');
  worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  if (started.has(worker)) startTimer();
  worker.postMessage(request);
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
