import middy from '@middy/core';
import { batchRequest, readStepRequest } from '../../shared/renewal/step-request.ts';
import { composeService } from '../../shared/runtime/compose.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { ENVIRONMENT } from './env.ts';
import { undoBatch } from './undo-batch.ts';

const service = composeService(readEnvironment(ENVIRONMENT));
const deps = { ...service, readTenant: readTenant(service.table) };

export const handler = middy(async (event: unknown) => undoBatch(deps, readStepRequest(batchRequest, event)));
