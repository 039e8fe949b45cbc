import middy from '@middy/core';
import type * as z from 'zod/mini';
import { endpointOf } from '../../shared/aws/endpoint.ts';
import { sendMessage } from '../../shared/aws/message-queue.ts';
import { postWebhook } from '../../shared/aws/post-webhook.ts';
import { storedSecrets } from '../../shared/aws/stored-secrets.ts';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { lambdaCredentials } from '../../shared/platform/lambda-credentials.ts';
import { cachedSecrets } from '../../shared/sign-in/hooks/cached-secrets.ts';
import { deliverWebhooks, queueEvent } from './deliver-webhooks.ts';
import { ENVIRONMENT } from './function.ts';

const environment = readEnvironment(ENVIRONMENT);
const service = composeService(environment);
/** Only the local stack sets the last variable: a folder of secrets, and permission to deliver to this machine. */
const { AWS_ENDPOINT_URL_SQS, LOCAL_SECRETS: folder } = process.env;
const deps = {
  ...service,
  readSecret: cachedSecrets(storedSecrets(environment.SECRETS_PREFIX, folder), service.clock),
  post: postWebhook({ mayBeLocal: folder !== undefined }),
  sendMessage: sendMessage({
    ...lambdaCredentials(),
    endpoint: AWS_ENDPOINT_URL_SQS ?? endpointOf('sqs', environment.URL_SUFFIX),
    clock: service.clock,
  }),
  undeliveredArn: environment.UNDELIVERED_QUEUE_ARN,
};

export const handler = middy((event: z.infer<typeof queueEvent>) =>
  deliverWebhooks(deps, queueEvent.parse(event).Records),
);
