import middy from '@middy/core';
import type * as z from 'zod/mini';
import { composeForLogin } from '../../shared/runtime/compose-for-login.ts';
import { decoded } from '../../shared/runtime/decoding.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { answerEndSession, endSessionRequest } from './answer-end-session.ts';
import { ENVIRONMENT } from './env.ts';

const deps = composeForLogin(readEnvironment(ENVIRONMENT));

export const handler = middy((event: z.infer<typeof endSessionRequest>) => answerEndSession(deps, event)).use(
  decoded(endSessionRequest),
);
