import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { TryAgain } from '../../shared/platform/errors.ts';
import { SAFE_HEADERS } from '../../shared/platform/safe-headers.ts';
import type { HookResponse } from '../../shared/sign-in/providers/hook-outcome.ts';
import { parseJson } from '../../shared/sign-in/providers/hook-request.ts';
import { answerHook, type HookDeps } from './answer-hook.ts';
import { type HookCall, readCall } from './read-call.ts';

/**
 * Answers a call in the form of its caller: HTTP with status and body, Cognito with its event, and EventBridge with an
 * error if it has to send the event again.
 */
export async function answerCall(deps: HookDeps, event: unknown): Promise<unknown> {
  const call = readCall(event);
  if (call.by === 'too-large') return http({ status: 413, headers: {}, body: '' });
  const answer = await answerHook(deps, call);
  return call.by === 'http' ? http(answer) : invocation(call, answer);
}

function http({ status, headers, body }: HookResponse): APIGatewayProxyStructuredResultV2 {
  return { statusCode: status, headers: { ...headers, ...SAFE_HEADERS }, body };
}

function invocation({ request }: HookCall, { status, body }: HookResponse): unknown {
  if (request.delivery === 'lambda-invoke') return parseJson(body)?.value;
  if (status >= 500) throw new TryAgain('the event could not be stored');
  return undefined;
}
