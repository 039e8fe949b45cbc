import middy from '@middy/core';
import { composeService } from '../../shared/runtime/compose.ts';
import { decoded } from '../../shared/runtime/decoding.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { answerLogin } from './answer-login.ts';
import { ENVIRONMENT } from './env.ts';
import { type LoginEvent, loginRequest } from './login-request.ts';

/** Three tries of a call that hangs end before the function's ten seconds do: the caller hears of it, not of a time-out. */
const ANSWERED_WITHIN = 2_000;

const service = composeService(readEnvironment(ENVIRONMENT), ANSWERED_WITHIN);
const deps = { ...service, cardHints: new Map(), vacancyHints: new Map() };

export const handler = middy((event: LoginEvent) => answerLogin(deps, event)).use(decoded(loginRequest));
