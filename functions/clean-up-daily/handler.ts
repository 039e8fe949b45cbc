import middy from '@middy/core';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { cleanUpTenants } from './clean-up-tenants.ts';
import { ENVIRONMENT } from './function.ts';

const service = composeService(readEnvironment(ENVIRONMENT));
const deps = { ...service, readTenant: readTenant(service.table) };

export const handler = middy(async () => cleanUpTenants(deps));
