import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { NodeFunction } from './node-function.ts';

export interface IdleSessionScheduleProps {
  readonly config: StageConfig;
  readonly endIdleSessions: NodeFunction;
}

/** Ends idle sessions every minute (R26). A minute that fails is made up for by the next, so nothing is tried for long. */
export class IdleSessionSchedule extends Construct {
  constructor(scope: Construct, id: string, { config, endIdleSessions }: IdleSessionScheduleProps) {
    super(scope, id);
    const failures = new DeadLetterQueue(
      this,
      'missed-minutes',
      config,
      'Idle sessions were not ended in some minutes. The next minute makes up for it: empty the queue when the errors have stopped.',
    );
    endIdleSessions.keepFailuresIn(failures, { retryAttempts: 0, maxEventAge: Duration.minutes(5) });

    const role = new Role(this, 'role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [endIdleSessions.lambda.functionArn] }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [failures.queueArn] }));
    const schedule = new CfnSchedule(this, 'schedule', {
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: endIdleSessions.lambda.functionArn,
        roleArn: role.roleArn,
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 },
        deadLetterConfig: { arn: failures.queueArn },
      },
    });
    schedule.node.addDependency(role);
  }
}
