import middy from '@middy/core';
import type * as z from 'zod/mini';
import { composeService } from '../../shared/runtime/compose.ts';
import { decoded } from '../../shared/runtime/decoding.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { answerEndSession, endSessionRequest } from './answer-end-session.ts';
import { ENVIRONMENT } from './env.ts';

/** Three tries of a call that hangs end before the function's ten seconds do: the caller hears of it, not of a time-out. */
const ANSWERED_WITHIN = 2_000;

const deps = composeService(readEnvironment(ENVIRONMENT), ANSWERED_WITHIN);

export const handler = middy((event: z.infer<typeof endSessionRequest>) => answerEndSession(deps, event)).use(
  decoded(endSessionRequest),
);
