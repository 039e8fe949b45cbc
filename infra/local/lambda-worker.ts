import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { wrapConsole } from './lambda-console.ts';
import { shiftedDate } from './shifted-date.ts';

/** The data that a worker gets when it starts. */
export type WorkerSettings = {
  readonly bundle: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly arn: string;
  readonly memoryMb: number;
  readonly clockOffset: BigInt64Array;
  /** One number: how many requests the worker got. The worker sleeps until it is greater than those it has answered. */
  readonly requests: Int32Array;
  /** Whether the worker sleeps between requests. A debugger could not reach it. */
  readonly isFrozen: boolean;
};

export type WorkerRequest = {
  readonly requestId: string;
  readonly payload: string;
  /** Milliseconds since 1970, by the machine's clock. */
  readonly deadline: number;
};

export type FunctionFault = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
};

/** A worker's messages: lines for the log, and one answer for each request. */
export type WorkerMessage =
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'answer'; readonly payload: string }
  | { readonly kind: 'fault'; readonly fault: FunctionFault };

/** The most bytes of an answer. */
const MOST_BYTES = 6_291_556;

const settings: WorkerSettings = workerData;
const post = (message: WorkerMessage) => parentPort?.postMessage(message);
let current: string | undefined;
let answered = 0;

// This precedes the import of the bundle, so that no library stores the machine's `Date`, a stream or a console.
globalThis.Date = shiftedDate(settings.clockOffset);
// A stream would wait for the stack's thread, and lose its lines when the worker sleeps or ends.
const write = (text: string | Uint8Array): boolean => {
  post({ kind: 'log', text: String(text) });
  return true;
};
Object.assign(process.stdout, { write });
Object.assign(process.stderr, { write });
wrapConsole(write, () => current);

const { [settings.exportName]: handler } = await import(pathToFileURL(settings.bundle).href);
parentPort?.on('message', (request: WorkerRequest) => void serve(request));

async function serve(request: WorkerRequest): Promise<void> {
  current = request.requestId;
  post(await answer(request));
  answered += 1;
  // As on Lambda, work that still runs goes on with the next request.
  if (settings.isFrozen) Atomics.wait(settings.requests, 0, answered);
}

async function answer({ requestId, payload, deadline }: WorkerRequest): Promise<WorkerMessage> {
  try {
    const result: unknown = await handler(JSON.parse(payload), {
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      functionName: settings.functionName,
      functionVersion: '$LATEST',
      invokedFunctionArn: settings.arn,
      logGroupName: `/aws/lambda/${settings.functionName}`,
      logStreamName: 'local',
      memoryLimitInMB: String(settings.memoryMb),
      getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - machineTime())),
    });
    const text = JSON.stringify(result) ?? 'null';
    return Buffer.byteLength(text) > MOST_BYTES ? TOO_LARGE : { kind: 'answer', payload: text };
  } catch (error) {
    return { kind: 'fault', fault: faultOf(error) };
  }
}

const TOO_LARGE: WorkerMessage = {
  kind: 'fault',
  fault: {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${MOST_BYTES} bytes).`,
    trace: [],
  },
};

/** Returns the machine's time. `Date` has the stack's. */
function machineTime(): number {
  return performance.timeOrigin + performance.now();
}

function faultOf(error: unknown): FunctionFault {
  if (error instanceof Error) {
    const { name, message, stack = '' } = error;
    return { errorType: name, errorMessage: message, trace: stack.split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}
