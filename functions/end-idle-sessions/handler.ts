import middy from '@middy/core';
import { composeService } from '../../shared/runtime/compose.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { endIdleSessions } from '../../shared/sessions/end-idle-sessions.ts';
import { ENVIRONMENT } from './env.ts';

const deps = composeService(readEnvironment(ENVIRONMENT));

export const handler = middy(async () => deps.log('idle-sessions-ended', await endIdleSessions(deps)));
