import { S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import { s3Objects } from '../../shared/aws/s3-objects.ts';
import { readStepRequest } from '../../shared/renewal/step-request.ts';
import { composeService } from '../../shared/runtime/compose.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { ENVIRONMENT } from './env.ts';
import { planRenewalStep, planRequest } from './plan-renewal.ts';
import { renewalFileReader } from './read-renewal-file.ts';

const environment = readEnvironment(ENVIRONMENT);
const service = composeService(environment);
const deps = {
  ...service,
  readTenant: readTenant(service.table),
  readFile: renewalFileReader(s3Objects(new S3Client(), environment.BUCKET_NAME)),
};

export const handler = middy(async (event: unknown) => planRenewalStep(deps, readStepRequest(planRequest, event)));
