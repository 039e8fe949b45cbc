import middy from '@middy/core';
import { composeForLogin } from '../../shared/runtime/compose-for-login.ts';
import { decoded } from '../../shared/runtime/decoding.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { embeddedMetrics } from '../../shared/runtime/metrics.ts';
import { answerLogin } from './answer-login.ts';
import { ENVIRONMENT } from './env.ts';
import { type LoginEvent, loginRequest } from './login-request.ts';

const environment = readEnvironment(ENVIRONMENT);
const service = composeForLogin(environment);
const measure = embeddedMetrics(environment.METRICS_NAMESPACE, service.clock);
const deps = { ...service, measure, cardHints: new Map(), vacancyHints: new Map() };

export const handler = middy((event: LoginEvent) => answerLogin(deps, event)).use(decoded(loginRequest));
