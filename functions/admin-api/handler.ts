import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { answerAdminister } from '../../shared/administration/answer-administer.ts';
import { s3Objects } from '../../shared/aws/s3-objects.ts';
import { s3UploadForm } from '../../shared/aws/s3-upload-form.ts';
import { stateMachine } from '../../shared/aws/state-machine.ts';
import { keysByDiscovery } from '../../shared/identity/access-token.ts';
import { fetchJwksWithin } from '../../shared/identity/fetch-jwks.ts';
import { cachedKeySets } from '../../shared/identity/key-sets.ts';
import { composeService } from '../../shared/runtime/compose.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { answerRequest } from './answer-request.ts';
import { ENVIRONMENT } from './env.ts';
import { identifyByToken } from './identify.ts';

// Set by the local stack alone, whose issuer is on this machine.
const { LOCAL_SECRETS: local } = process.env;
const environment = readEnvironment(ENVIRONMENT);
const service = composeService(environment);
const s3 = new S3Client();
const administration = {
  ...service,
  objects: s3Objects(s3, environment.BUCKET_NAME),
  signUploadForm: s3UploadForm(s3, environment.BUCKET_NAME),
  executions: stateMachine(new SFNClient(), environment.STATE_MACHINE_ARN),
  // Not the cached ones: an administrator sees a change at once.
  readTenant: readTenant(service.table),
  cardHints: new Map(),
  vacancyHints: new Map(),
};
const identify = identifyByToken(
  {
    clock: service.clock,
    keySets: cachedKeySets(keysByDiscovery(fetchJwksWithin(5_000, { alsoHere: local !== undefined }))),
  },
  {
    ...{ issuer: environment.ISSUER, audience: environment.AUDIENCE },
    ...{ tenantClaim: environment.TENANT_CLAIM, roleClaim: environment.ROLE_CLAIM },
  },
);
const deps = {
  ...service,
  identify,
  administer: (request: Parameters<typeof answerAdminister>[1]) => answerAdminister(administration, request),
};

export const handler = middy((event: APIGatewayProxyEventV2) => answerRequest(deps, event));
