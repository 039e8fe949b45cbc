import middy from '@middy/core';
import { type StreamEvent, streamEvent } from '../../shared/aws/stream-records.ts';
import { composeService } from '../../shared/runtime/compose.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { ENVIRONMENT } from './env.ts';
import { recordHistory } from './record-history.ts';

const service = composeService(readEnvironment(ENVIRONMENT));

export const handler = middy((event: StreamEvent) => recordHistory(service, streamEvent.parse(event).Records));
