import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { raiseAlarm } from './alarm.ts';
import type { StageConfig } from './stage-config.ts';

/** A queue for asynchronous calls that failed all their tries. Its alarm rings as long as it holds a message. */
export class DeadLetterQueue extends Queue {
  constructor(
    scope: Construct,
    id: string,
    config: StageConfig,
    meaning: string,
    /** The dead letters of a FIFO queue must be in a FIFO queue as well. */
    { fifo = false }: { readonly fifo?: boolean } = {},
  ) {
    super(scope, id, {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      ...(fifo && { fifo }),
    });
    raiseAlarm(this, 'alarm', config, {
      metric: this.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'max' }),
      description: meaning,
    });
    const reason = 'This is the end of the line: a person reads it, and nothing consumes it that could fail again.';
    Validations.of(this).acknowledge(
      { id: 'AwsSolutions-SQS3', reason },
      { id: 'Serverless-SQSRedrivePolicy', reason },
    );
  }
}
