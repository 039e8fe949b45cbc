import aws4 from 'aws4';
import * as z from 'zod/mini';
import type { Clock } from '../platform/clock.ts';

/** The services that are called here, each with its name in `X-Amz-Target` and its version of JSON. */
const SERVICES = {
  sqs: { target: 'AmazonSQS', json: '1.0' },
  secretsmanager: { target: 'secretsmanager', json: '1.1' },
  ssm: { target: 'AmazonSSM', json: '1.1' },
} as const;
export type SignedService = keyof typeof SERVICES;

/** Calls a service. Returns its answer as JSON. Throws `CallRefused` when the service does not accept the call. */
export type SignedCalls = (service: SignedService, operation: string, input: object) => Promise<unknown>;

/** A call that a service did not accept. Its name is the service's name of the fault. */
export class CallRefused extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export type SignedCallsOptions = {
  readonly region: string;
  readonly endpoint: (service: SignedService) => string;
  readonly clock: Clock;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
};

const ANSWERED_WITHIN = 5_000;

/** The same number of tries as the SDK. */
const TRIES = 3;
const FIRST_PAUSE = 50;

const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded/;

const refusal = z.object({ __type: z.string() });

/**
 * Returns a function that calls services by their HTTP protocol, signed by aws4. A few calls of a service are not worth
 * the size of the SDK's client, which a cold start reads: session-hooks is a third as large without the two clients of
 * secrets (decision 51).
 */
export function signedCalls({ region, endpoint, clock, credentials }: SignedCallsOptions): SignedCalls {
  const send = async (service: SignedService, operation: string, body: string): Promise<Response> => {
    const { target, json } = SERVICES[service];
    const { origin, host } = new URL(endpoint(service));
    const headers = {
      'Content-Type': `application/x-amz-json-${json}`,
      'X-Amz-Date': clock.now().replaceAll(/[:-]|\.\d{3}/g, ''),
      'X-Amz-Target': `${target}.${operation}`,
    };
    const signed = aws4.sign({ service, region, host, method: 'POST', path: '/', body, headers }, credentials);
    const headersToSend = new Headers();
    for (const [name, value] of Object.entries(signed.headers ?? {})) {
      // `fetch` sets these two itself.
      if (!/^(host|content-length)$/i.test(name)) headersToSend.set(name, String(value));
    }
    const signal = AbortSignal.timeout(ANSWERED_WITHIN);
    return fetch(`${origin}/`, { method: 'POST', headers: headersToSend, body, signal });
  };

  return async (service, operation, input) => {
    const body = JSON.stringify(input);
    for (let tries = 1; ; tries += 1) {
      const answer = await send(service, operation, body).catch((error: Error) => error);
      if (!(answer instanceof Error) && answer.ok) return answer.json();
      const fault = answer instanceof Error ? answer : await faultOf(answer, operation);
      const mayPass = answer instanceof Error || answer.status >= 500 || THROTTLED.test(fault.name);
      if (!mayPass || tries === TRIES) throw fault;
      await clock.pause(FIRST_PAUSE * 2 ** tries);
    }
  };
}

/** Returns the fault without the service's message, which may name a secret. */
async function faultOf(answer: Response, operation: string): Promise<Error> {
  const { data } = z.safeParse(refusal, await answer.json().catch(() => undefined));
  const name = data?.__type.split('#').at(-1) ?? `HTTP ${answer.status}`;
  return new CallRefused(name, `${operation} was answered with HTTP ${answer.status}: ${name}`);
}
