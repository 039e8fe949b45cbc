import { S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import { s3Objects } from '../../shared/aws/s3-objects.ts';
import { stageKey } from '../../shared/aws/stage-key.ts';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { keyedHash } from '../../shared/platform/keyed-hash.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { ENVIRONMENT } from './function.ts';
import { importUploads } from './import-uploads.ts';

const environment = readEnvironment(ENVIRONMENT);
const service = composeService(environment);
const { BUCKET_NAME } = environment;
const deps = {
  ...service,
  keyedHash: keyedHash(stageKey(environment.STAGE_KEY_ARN)),
  objects: s3Objects(new S3Client(), BUCKET_NAME),
  readTenant: readTenant(service.table),
};

export const handler = middy((event: unknown) => importUploads(deps, BUCKET_NAME, event));
