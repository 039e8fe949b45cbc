import middy from '@middy/core';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { readStepRequest, renewalRequest } from '../../shared/renewals/step-request.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { finishRenewal } from './finish-renewal.ts';
import { ENVIRONMENT } from './function.ts';

const service = composeService(readEnvironment(ENVIRONMENT));
const deps = { ...service, readTenant: readTenant(service.table) };

export const handler = middy(async (event: unknown) => finishRenewal(deps, readStepRequest(renewalRequest, event)));
