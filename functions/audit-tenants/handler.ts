import middy from '@middy/core';
import { composeService } from '../../shared/runtime/compose.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { auditTenants } from './audit-tenants.ts';
import { ENVIRONMENT } from './env.ts';

const deps = composeService(readEnvironment(ENVIRONMENT));

export const handler = middy(async () => auditTenants(deps));
