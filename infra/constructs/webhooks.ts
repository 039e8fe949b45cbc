import { Duration, Validations } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../shared/aws/event-bridge.ts';
import { raiseAlarm } from './alarm.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type WebhooksProps = {
  readonly config: StageConfig;
  readonly events: EventBus;
};

/**
 * How often SQS delivers one message, which takes a little more than a day. Normally a message comes once: a function
 * that cannot deliver its event sends a copy. It comes again only if the function does not run, or cannot send.
 */
const MOST_RECEIVES = 500;

/** A message is delayed for 15 minutes at most, and comes again after three if it was received in vain. */
const LATE = Duration.hours(1);

const MANY_IN_FLIGHT = 60_000;

/** Keeps every event of the bus in a queue until its tenant's webhook has accepted it, for a little more than a day. */
export class Webhooks extends Construct {
  readonly undelivered: DeadLetterQueue;
  readonly #queue: Queue;

  constructor(scope: Construct, id: string, { config, events }: WebhooksProps) {
    super(scope, id);
    this.undelivered = new DeadLetterQueue(
      this,
      'undelivered',
      config,
      "A tenant's webhook has not accepted an event for more than a day, or a message is not an event.",
    );
    this.#queue = new Queue(this, 'queue', {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Six times the function's timeout, as Lambda recommends.
      visibilityTimeout: Duration.minutes(3),
      deadLetterQueue: { queue: this.undelivered, maxReceiveCount: MOST_RECEIVES },
    });
    raiseAlarm(this, 'late', config, {
      metric: this.#queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'max' }),
      threshold: LATE.toSeconds(),
      description: 'An event has waited in the queue for an hour. Normally a message is received within 15 minutes.',
    });
    raiseAlarm(this, 'in-flight', config, {
      metric: this.#queue.metricApproximateNumberOfMessagesNotVisible({
        period: Duration.minutes(5),
        statistic: 'max',
      }),
      threshold: MANY_IN_FLIGHT,
      description:
        'Half as many messages are in flight as SQS allows for one queue. At 120,000 no webhook of any tenant receives anything.',
    });
    new Rule(this, 'rule', {
      eventBus: events,
      eventPattern: { source: [EVENT_SOURCE] },
      targets: [new SqsQueue(this.#queue, { deadLetterQueue: this.undelivered })],
    });
  }

  /** Lets the function deliver the events of the queue. It is created after the queue, whose name it needs. */
  deliverBy({ lambda }: NodeFunction): void {
    this.#queue.grantConsumeMessages(lambda);
    this.#queue.grantSendMessages(lambda);
    this.undelivered.grantSendMessages(lambda);
    const mapping = new EventSourceMapping(this, 'deliveries', {
      target: lambda,
      eventSourceArn: this.#queue.queueArn,
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
