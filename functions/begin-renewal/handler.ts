import middy from '@middy/core';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { readStepRequest } from '../../shared/renewals/step-request.ts';
import { beginRenewal, beginRequest } from './begin-renewal.ts';
import { ENVIRONMENT } from './function.ts';

const deps = composeService(readEnvironment(ENVIRONMENT));

export const handler = middy(async (event: unknown) => beginRenewal(deps, readStepRequest(beginRequest, event)));
