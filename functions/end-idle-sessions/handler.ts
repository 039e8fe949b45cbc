import middy from '@middy/core';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { endIdleSessions } from '../../shared/sign-in/sessions/end-idle-sessions.ts';
import { ENVIRONMENT } from './function.ts';

const deps = composeService(readEnvironment(ENVIRONMENT));

export const handler = middy(async () => deps.log('idle-sessions-ended', await endIdleSessions(deps)));
