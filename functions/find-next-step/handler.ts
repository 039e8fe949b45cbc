import middy from '@middy/core';
import { readStepRequest, renewalRequest } from '../../shared/renewal/step-request.ts';
import { composeService } from '../../shared/runtime/compose.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { ENVIRONMENT } from './env.ts';
import { findNextStep } from './find-next-step.ts';

const service = composeService(readEnvironment(ENVIRONMENT));
const deps = { ...service, readTenant: readTenant(service.table) };

export const handler = middy(async (event: unknown) => findNextStep(deps, readStepRequest(renewalRequest, event)));
