import middy from '@middy/core';
import { stageKey } from '../../shared/aws/stage-key.ts';
import { type StreamEvent, streamEvent } from '../../shared/aws/stream-records.ts';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { keyedHash } from '../../shared/platform/keyed-hash.ts';
import { ENVIRONMENT } from './function.ts';
import { recordHistory } from './record-history.ts';

const environment = readEnvironment(ENVIRONMENT);
const deps = { ...composeService(environment), keyedHash: keyedHash(stageKey(environment.STAGE_KEY_ARN)) };

export const handler = middy((event: StreamEvent) => recordHistory(deps, streamEvent.parse(event).Records));
