import middy from '@middy/core';
import { readStepRequest } from '../../shared/renewal/step-request.ts';
import { composeService } from '../../shared/runtime/compose.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { beginRenewal, beginRequest } from './begin-renewal.ts';
import { ENVIRONMENT } from './env.ts';

const deps = composeService(readEnvironment(ENVIRONMENT));

export const handler = middy(async (event: unknown) => beginRenewal(deps, readStepRequest(beginRequest, event)));
