import { Duration, Validations } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { MOST_TRIES } from '../../functions/import-licenses/queued-uploads.ts';
import { raiseAlarm } from './alarm.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

/** Executions of the importing function that are left for what only puts uploads into the queue. */
const FOR_QUEUEING = 4;

/** SQS does not scale a queue's deliveries to fewer. */
const FEWEST = 2;

/** An import may take a quarter of an hour, and the next one of its tenant waits so long. */
const LATE = Duration.minutes(30);

/**
 * Keeps each upload until it was imported. A message group is a tenant, so a tenant has one import at a time, in the
 * order of the uploads, and many uploads of one tenant do not delay those of the others. It is created before the
 * function, which needs its name.
 */
export class ImportQueue extends Construct {
  readonly queueArn: string;
  readonly #queue: Queue;

  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id);
    const failed = new DeadLetterQueue(
      this,
      'failed-imports',
      config,
      'An upload could not be imported in three tries. It has no report.',
      { fifo: true },
    );
    this.#queue = new Queue(this, 'uploads', {
      fifo: true,
      // Uploads of many tenants at once are more than the 300 messages a second of an ordinary FIFO queue.
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // A little longer than the function's timeout. When its process dies, the upload is tried again after this time.
      visibilityTimeout: Duration.minutes(16),
      deadLetterQueue: { queue: failed, maxReceiveCount: MOST_TRIES },
    });
    this.queueArn = this.#queue.queueArn;
    raiseAlarm(this, 'late', config, {
      metric: this.#queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'max' }),
      threshold: LATE.toSeconds(),
      description: 'An upload has waited for its import for half an hour.',
    });
  }

  /** Lets the function put uploads into the queue and import them from it. */
  importBy({ lambda }: NodeFunction, { concurrency }: StageConfig): void {
    this.#queue.grantSendMessages(lambda);
    this.#queue.grantConsumeMessages(lambda);
    const reserved = concurrency['import-licenses'];
    const mapping = new EventSourceMapping(this, 'imports', {
      target: lambda,
      eventSourceArn: this.queueArn,
      // An import may take as long as the function may run.
      batchSize: 1,
      ...(reserved !== undefined && { maxConcurrency: Math.max(FEWEST, reserved - FOR_QUEUEING) }),
    });
    mapping.node.addDependency(lambda.role ?? lambda);
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'A message that failed all its tries goes to the dead-letter queue of its queue (tested).',
    });
  }
}
