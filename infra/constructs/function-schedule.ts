import { Aws, type Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { raiseAlarmOnSilence } from './alarm.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type FunctionScheduleProps = {
  readonly config: StageConfig;
  readonly called: NodeFunction;
  readonly rate: string;
  /** The queue of the calls that failed all their tries, and what a message in it means. */
  readonly failures: { readonly id: string; readonly meaning: string };
  /** How long it takes until silence is noticed, in periods, and what the silence means. */
  readonly silence: { readonly period: Duration; readonly periods: number; readonly meaning: string };
  readonly retryAttempts: number;
  /** How long a call is retried. After that it is given up, and the next call does its work. */
  readonly maxEventAge: Duration;
};

/** Calls a function on a schedule. */
export class FunctionSchedule extends Construct {
  constructor(scope: Construct, id: string, props: FunctionScheduleProps) {
    super(scope, id);
    const { config, called, rate, retryAttempts, maxEventAge } = props;
    const failures = new DeadLetterQueue(this, props.failures.id, config, props.failures.meaning);
    called.keepFailuresIn(failures, { retryAttempts, maxEventAge });

    const role = new Role(this, 'role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [called.lambda.functionArn] }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [failures.queueArn] }));
    const schedule = new CfnSchedule(this, 'schedule', {
      scheduleExpression: rate,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: called.lambda.functionArn,
        roleArn: role.roleArn,
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: maxEventAge.toSeconds() },
        deadLetterConfig: { arn: failures.queueArn },
      },
    });
    schedule.node.addDependency(role);
    const { period, periods, meaning } = props.silence;
    raiseAlarmOnSilence(this, 'not-called', config, {
      metric: called.lambda.metricInvocations({ period }),
      periods,
      description: meaning,
    });
  }
}
