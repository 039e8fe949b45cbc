import middy from '@middy/core';
import type * as z from 'zod/mini';
import { postWebhook } from '../../shared/aws/post-webhook.ts';
import { storedSecrets } from '../../shared/aws/stored-secrets.ts';
import { composeService } from '../../shared/compose/compose.ts';
import { composeCalls } from '../../shared/compose/compose-calls.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { cachedSecrets } from '../../shared/sign-in/hooks/cached-secrets.ts';
import { deliverWebhooks, queueEvent } from './deliver-webhooks.ts';
import { ENVIRONMENT } from './function.ts';

const environment = readEnvironment(ENVIRONMENT);
const service = composeService(environment);
const { call, queue } = composeCalls(environment, service.clock);
/** Only the local stack sets this: a folder of secrets, and permission to deliver to this machine. */
const { LOCAL_SECRETS: folder } = process.env;
const deps = {
  ...service,
  readSecret: cachedSecrets(storedSecrets({ prefix: environment.SECRETS_PREFIX, call, folder }), service.clock),
  post: postWebhook({ mayBeLocal: folder !== undefined }),
  sendMessage: queue.send,
  undeliveredArn: environment.UNDELIVERED_QUEUE_ARN,
};

export const handler = middy((event: z.infer<typeof queueEvent>) =>
  deliverWebhooks(deps, queueEvent.parse(event).Records),
);
