import middy from '@middy/core';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { readStepRequest } from '../../shared/renewals/step-request.ts';
import { ENVIRONMENT } from './function.ts';
import { stopRenewal, stopRequest } from './stop-renewal.ts';

const deps = composeService(readEnvironment(ENVIRONMENT));

export const handler = middy(async (event: unknown) => stopRenewal(deps, readStepRequest(stopRequest, event)));
