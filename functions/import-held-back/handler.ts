import { S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import { s3Objects } from '../../shared/aws/s3-objects.ts';
import { stageKey } from '../../shared/aws/stage-key.ts';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { keyedHash } from '../../shared/platform/keyed-hash.ts';
import { readStepRequest, renewalRequest } from '../../shared/renewals/step-request.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { ENVIRONMENT } from './function.ts';
import { importHeldBack } from './import-held-back.ts';

const environment = readEnvironment(ENVIRONMENT);
const service = composeService(environment);
const deps = {
  ...service,
  keyedHash: keyedHash(stageKey(environment.STAGE_KEY_ARN)),
  readTenant: readTenant(service.table),
  objects: s3Objects(new S3Client(), environment.BUCKET_NAME),
};

export const handler = middy(async (event: unknown) => importHeldBack(deps, readStepRequest(renewalRequest, event)));
