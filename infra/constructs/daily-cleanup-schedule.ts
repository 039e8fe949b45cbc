import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { NodeFunction } from './node-function.ts';

export interface DailyCleanupScheduleProps {
  readonly config: StageConfig;
  readonly cleanUpTenants: NodeFunction;
}

/**
 * Asks every hour whose cleanup hour has come (R43): tenants live in all time zones. An hour that is missed or fails is
 * made up for by the next, for whoever was not cleaned up that day.
 */
export class DailyCleanupSchedule extends Construct {
  constructor(scope: Construct, id: string, { config, cleanUpTenants }: DailyCleanupScheduleProps) {
    super(scope, id);
    const failures = new DeadLetterQueue(
      this,
      'missed-cleanups',
      config,
      'The daily cleanup of some tenants failed: the log names them (tenant-cleanup-failed). The next hour tries them again: empty the queue when the errors have stopped.',
    );
    cleanUpTenants.keepFailuresIn(failures, { retryAttempts: 1, maxEventAge: Duration.hours(1) });

    const role = new Role(this, 'role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [cleanUpTenants.lambda.functionArn] }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [failures.queueArn] }));
    const schedule = new CfnSchedule(this, 'schedule', {
      scheduleExpression: 'rate(1 hour)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: cleanUpTenants.lambda.functionArn,
        roleArn: role.roleArn,
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: failures.queueArn },
      },
    });
    schedule.node.addDependency(role);
  }
}
