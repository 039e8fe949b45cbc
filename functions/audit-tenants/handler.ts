import middy from '@middy/core';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { auditTenants } from './audit-tenants.ts';
import { ENVIRONMENT } from './function.ts';

const deps = composeService(readEnvironment(ENVIRONMENT));

export const handler = middy(async () => auditTenants(deps));
