import middy from '@middy/core';
import { readStepRequest } from '../../shared/renewal/step-request.ts';
import { composeService } from '../../shared/runtime/compose.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { ENVIRONMENT } from './env.ts';
import { stopRenewal, stopRequest } from './stop-renewal.ts';

const deps = composeService(readEnvironment(ENVIRONMENT));

export const handler = middy(async (event: unknown) => stopRenewal(deps, readStepRequest(stopRequest, event)));
