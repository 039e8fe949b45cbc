import { S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import type { GroupedMessage } from '../../shared/aws/message-queue.ts';
import { s3Objects } from '../../shared/aws/s3-objects.ts';
import { stageKey } from '../../shared/aws/stage-key.ts';
import { composeService } from '../../shared/compose/compose.ts';
import { composeCalls } from '../../shared/compose/compose-calls.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { keyedHash } from '../../shared/platform/keyed-hash.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { ENVIRONMENT } from './function.ts';
import { answerUploads } from './queued-uploads.ts';

const environment = readEnvironment(ENVIRONMENT);
const service = composeService(environment);
const { BUCKET_NAME, IMPORT_QUEUE_ARN } = environment;
const { queue } = composeCalls(environment, service.clock);
const deps = {
  ...service,
  keyedHash: keyedHash(stageKey(environment.STAGE_KEY_ARN)),
  objects: s3Objects(new S3Client(), BUCKET_NAME),
  readTenant: readTenant(service.table),
  queueUpload: (message: GroupedMessage) => queue.sendInGroup(IMPORT_QUEUE_ARN, message),
  hideFor: (receipt: string, seconds: number) => queue.hide(IMPORT_QUEUE_ARN, receipt, seconds),
};

export const handler = middy((event: unknown) => answerUploads(deps, BUCKET_NAME, event));
