import middy from '@middy/core';
import { type AdministerRequest, administerRequest } from '../../shared/administration/administer-request.ts';
import { executeCommand } from '../../shared/administration/execute-command.ts';
import { composeAdministration } from '../../shared/compose/compose-administration.ts';
import { MINUTE } from '../../shared/licensing/time.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { decoded } from '../../shared/platform/validation.ts';
import { ENVIRONMENT } from './function.ts';

const deps = composeAdministration(readEnvironment(ENVIRONMENT), 5 * MINUTE);

export const handler = middy((event: AdministerRequest) => executeCommand(deps, event)).use(decoded(administerRequest));
