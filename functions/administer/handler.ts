import middy from '@middy/core';
import { composeService } from '../../shared/runtime/compose.ts';
import { decoded } from '../../shared/runtime/decoding.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { type AdministerRequest, administerRequest } from './administer-request.ts';
import { answerAdminister } from './answer-administer.ts';
import { ENVIRONMENT } from './env.ts';

const service = composeService(readEnvironment(ENVIRONMENT));
const deps = {
  ...service,
  // Not the cached ones: an administrator sees a change at once.
  readTenant: readTenant(service.table),
  cardHints: new Map(),
  vacancyHints: new Set<string>(),
};

export const handler = middy((event: AdministerRequest) => answerAdminister(deps, event)).use(
  decoded(administerRequest),
);
