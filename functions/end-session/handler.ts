import middy from '@middy/core';
import type * as z from 'zod/mini';
import { composeForLogin } from '../../shared/compose/compose-for-login.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { decoded } from '../../shared/platform/validation.ts';
import { answerEndSession, endSessionRequest } from './answer-end-session.ts';
import { ENVIRONMENT } from './function.ts';

const deps = composeForLogin(readEnvironment(ENVIRONMENT));

export const handler = middy((event: z.infer<typeof endSessionRequest>) => answerEndSession(deps, event)).use(
  decoded(endSessionRequest),
);
