import middy from '@middy/core';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { batchRequest, readStepRequest } from '../../shared/renewals/step-request.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { cleanUpBatch } from './clean-up-batch.ts';
import { ENVIRONMENT } from './function.ts';

const service = composeService(readEnvironment(ENVIRONMENT));
const deps = { ...service, readTenant: readTenant(service.table) };

export const handler = middy(async (event: unknown) => cleanUpBatch(deps, readStepRequest(batchRequest, event)));
