import middy from '@middy/core';
import { composeForLogin } from '../../shared/compose/compose-for-login.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { embeddedMetrics } from '../../shared/platform/metrics.ts';
import { decoded } from '../../shared/platform/validation.ts';
import { answerLogin } from './answer-login.ts';
import { ENVIRONMENT } from './function.ts';
import { type LoginEvent, loginRequest } from './login-request.ts';

const environment = readEnvironment(ENVIRONMENT);
const service = composeForLogin(environment);
const measure = embeddedMetrics(environment.METRICS_NAMESPACE, service.clock);
const deps = { ...service, measure, cardHints: new Map(), vacancyHints: new Map() };

export const handler = middy((event: LoginEvent) => answerLogin(deps, event)).use(decoded(loginRequest));
