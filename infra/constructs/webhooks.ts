import { Duration, Validations } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { MOST_TRIES } from '../../functions/deliver-webhook/retry-schedule.ts';
import { EVENT_SOURCE } from '../../shared/aws/event-bridge.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type WebhooksProps = {
  readonly config: StageConfig;
  readonly events: EventBus;
  readonly deliverWebhook: NodeFunction;
};

/** Keeps every event of the bus in a queue until its tenant's webhook has accepted it, for a little more than a day. */
export class Webhooks extends Construct {
  constructor(scope: Construct, id: string, { config, events, deliverWebhook }: WebhooksProps) {
    super(scope, id);
    const undelivered = new DeadLetterQueue(
      this,
      'undelivered',
      config,
      "A tenant's webhook has not taken an event for more than a day. The log of deliver-webhook says what it answered (webhook-failed): tell the tenant, and start a redrive of the queue when it is mended.",
    );
    const queue = new Queue(this, 'queue', {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Six times the function's timeout, as Lambda recommends.
      visibilityTimeout: Duration.minutes(3),
      deadLetterQueue: { queue: undelivered, maxReceiveCount: MOST_TRIES },
    });
    new Rule(this, 'rule', {
      eventBus: events,
      eventPattern: { source: [EVENT_SOURCE] },
      targets: [new SqsQueue(queue, { deadLetterQueue: undelivered })],
    });
    const { lambda } = deliverWebhook;
    queue.grantConsumeMessages(lambda);
    const mapping = new EventSourceMapping(this, 'deliveries', {
      target: lambda,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      // The deliveries of many events must not use the account's concurrency up, which logins need.
      maxConcurrency: 20,
    });
    mapping.node.addDependency(lambda.role ?? lambda);
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'Of a queue’s messages it is the queue that says where they end: in its dead-letter queue (tested).',
    });
  }
}
