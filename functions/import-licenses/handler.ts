import { S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import { endpointOf } from '../../shared/aws/endpoint.ts';
import { queueCall } from '../../shared/aws/queue-call.ts';
import { s3Objects } from '../../shared/aws/s3-objects.ts';
import { stageKey } from '../../shared/aws/stage-key.ts';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { keyedHash } from '../../shared/platform/keyed-hash.ts';
import { lambdaCredentials } from '../../shared/platform/lambda-credentials.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { ENVIRONMENT } from './function.ts';
import { answerUploads, type QueuedUpload } from './queued-uploads.ts';

const environment = readEnvironment(ENVIRONMENT);
const service = composeService(environment);
const { BUCKET_NAME, IMPORT_QUEUE_ARN } = environment;
const { AWS_ENDPOINT_URL_SQS } = process.env;
const endpoint = AWS_ENDPOINT_URL_SQS ?? endpointOf('sqs', environment.URL_SUFFIX);
const callQueue = queueCall({ ...lambdaCredentials(), endpoint, clock: service.clock });
const deps = {
  ...service,
  keyedHash: keyedHash(stageKey(environment.STAGE_KEY_ARN)),
  objects: s3Objects(new S3Client(), BUCKET_NAME),
  readTenant: readTenant(service.table),
  queueUpload: ({ body: MessageBody, group: MessageGroupId, id: MessageDeduplicationId }: QueuedUpload) =>
    callQueue('SendMessage', IMPORT_QUEUE_ARN, { MessageBody, MessageGroupId, MessageDeduplicationId }),
  hideFor: (ReceiptHandle: string, VisibilityTimeout: number) =>
    callQueue('ChangeMessageVisibility', IMPORT_QUEUE_ARN, { ReceiptHandle, VisibilityTimeout }),
};

export const handler = middy((event: unknown) => answerUploads(deps, BUCKET_NAME, event));
