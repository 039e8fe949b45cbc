import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Answer, isJson, json } from './http.ts';
import type { InvokeResult } from './lambda-pool.ts';
import type { LocalFunction } from './resources.ts';

/** Invokes a function by name, by ARN, or by its folder's name. */
export type Lambdas = {
  readonly find: (nameOrArn: string) => LocalFunction | undefined;
  readonly invoke: (lambda: LocalFunction, payload: string) => Promise<InvokeResult>;
  /** Returns when the event is stored in the queue. */
  readonly invokeLater: (lambda: LocalFunction, payload: string) => void;
};

const MOST_BYTES = 6 * 1024 * 1024;
const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Serves Lambda's `Invoke` in the protocol of AWS, so that the SDKs and the AWS command line work unchanged. */
export async function answerLambda(lambdas: Lambdas, request: IncomingMessage, body: string): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const name = INVOKE.exec(pathname)?.[1];
  if (request.method !== 'POST' || name === undefined) {
    return fault(
      404,
      'UnknownOperationException',
      `The local stack knows Invoke only, not ${request.method} ${pathname}`,
    );
  }
  const lambda = lambdas.find(decodeURIComponent(name));
  if (lambda === undefined) {
    return fault(404, 'ResourceNotFoundException', `Function not found: ${decodeURIComponent(name)}`);
  }
  if (Buffer.byteLength(body) > MOST_BYTES) {
    return fault(413, 'RequestTooLargeException', `Request must be smaller than ${MOST_BYTES} bytes`);
  }
  const payload = body === '' ? '{}' : body;
  if (!isJson(payload)) return fault(400, 'InvalidRequestContentException', 'Could not parse request body into json');
  switch (request.headers['x-amz-invocation-type'] ?? 'RequestResponse') {
    case 'DryRun':
      return { status: 204 };
    case 'Event':
      lambdas.invokeLater(lambda, payload);
      return { status: 202, headers: requestId() };
    case 'RequestResponse': {
      const result = await lambdas.invoke(lambda, payload);
      return {
        status: 200,
        headers: {
          ...requestId(),
          'content-type': 'application/json',
          'x-amz-executed-version': '$LATEST',
          ...(result.ok ? {} : { 'x-amz-function-error': 'Unhandled' }),
        },
        body: result.ok ? result.payload : JSON.stringify(result.fault),
      };
    }
    default:
      return fault(400, 'InvalidParameterValueException', 'InvocationType is RequestResponse, Event or DryRun');
  }
}

const requestId = () => ({ 'x-amzn-requestid': randomUUID() });

function fault(status: number, type: string, message: string): Answer {
  return json(status, { Type: 'User', Message: message, message }, { ...requestId(), 'x-amzn-errortype': type });
}
