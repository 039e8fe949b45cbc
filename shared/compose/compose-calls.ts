import { endpointOf } from '../aws/endpoint.ts';
import { messageQueue } from '../aws/message-queue.ts';
import { type SignedService, signedCalls } from '../aws/signed-calls.ts';
import type { Clock } from '../platform/clock.ts';
import { lambdaCredentials } from '../platform/lambda-credentials.ts';

/** Composes the calls of services that are signed here. Only the local stack sets an endpoint: that of its queues. */
export function composeCalls({ URL_SUFFIX }: { readonly URL_SUFFIX: string }, clock: Clock) {
  const { AWS_ENDPOINT_URL_SQS: local } = process.env;
  const signer = lambdaCredentials();
  const endpoint = (service: SignedService): string =>
    (service === 'sqs' ? local : undefined) ?? endpointOf(service, URL_SUFFIX, signer.region);
  const call = signedCalls({ ...signer, endpoint, clock });
  return { call, queue: messageQueue(call, endpoint('sqs')) };
}
