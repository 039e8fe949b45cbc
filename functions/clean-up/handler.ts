import middy from '@middy/core';
import { batchRequest, readStepRequest } from '../../shared/renewal/step-request.ts';
import { composeService } from '../../shared/runtime/compose.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { cleanUpBatch } from './clean-up-batch.ts';
import { ENVIRONMENT } from './env.ts';

const deps = composeService(readEnvironment(ENVIRONMENT));

export const handler = middy(async (event: unknown) => cleanUpBatch(deps, readStepRequest(batchRequest, event)));
