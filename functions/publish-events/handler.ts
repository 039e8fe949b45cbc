import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import middy from '@middy/core';
import { eventBridge } from '../../shared/aws/event-bridge.ts';
import { type StreamEvent, streamEvent } from '../../shared/aws/stream-records.ts';
import { composeService } from '../../shared/compose/compose.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { embeddedMetrics } from '../../shared/platform/metrics.ts';
import { ENVIRONMENT } from './function.ts';
import { publishEvents } from './publish-events.ts';

const environment = readEnvironment(ENVIRONMENT);
const service = composeService(environment);
const deps = {
  ...service,
  measure: embeddedMetrics(environment.METRICS_NAMESPACE, service.clock),
  bus: eventBridge(new EventBridgeClient(), environment.EVENT_BUS_NAME),
};

export const handler = middy((event: StreamEvent) => publishEvents(deps, streamEvent.parse(event).Records));
