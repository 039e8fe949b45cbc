import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { shiftedDate } from './shifted-date.ts';

/** The data that a worker gets when it starts. */
export type WorkerSettings = {
  readonly bundle: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly arn: string;
  readonly memoryMb: number;
  readonly clockOffset: BigInt64Array;
};

export type WorkerRequest = {
  readonly requestId: string;
  readonly payload: string;
  readonly timeoutMs: number;
};

export type FunctionFault = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
};

/** A worker's messages: `ready` once when the bundle is loaded, then one answer for each request. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly payload: string }
  | { readonly kind: 'fault'; readonly fault: FunctionFault };

const settings: WorkerSettings = workerData;
const post = (message: WorkerMessage) => parentPort?.postMessage(message);

// Before the bundle is loaded, so that none of its libraries has stored the machine's `Date`.
globalThis.Date = shiftedDate(settings.clockOffset);

const { [settings.exportName]: handler } = await import(pathToFileURL(settings.bundle).href);
parentPort?.on('message', (request: WorkerRequest) => void answer(request));
post({ kind: 'ready' });

async function answer({ requestId, payload, timeoutMs }: WorkerRequest): Promise<void> {
  const deadline = performance.now() + timeoutMs;
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
      getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    });
    post({ kind: 'answer', payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    post({ kind: 'fault', fault: faultOf(error) });
  }
}

function faultOf(error: unknown): FunctionFault {
  if (error instanceof Error) {
    const { name, message, stack = '' } = error;
    return { errorType: name, errorMessage: message, trace: stack.split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}
