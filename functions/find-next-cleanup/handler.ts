import middy from '@middy/core';
import { readStepRequest, renewalRequest } from '../../shared/renewal/step-request.ts';
import { composeService } from '../../shared/runtime/compose.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { ENVIRONMENT } from './env.ts';
import { findNextCleanup } from './find-next-cleanup.ts';

const deps = composeService(readEnvironment(ENVIRONMENT));

export const handler = middy(async (event: unknown) => findNextCleanup(deps, readStepRequest(renewalRequest, event)));
