import { CfnElement, Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { LogCode } from '../../shared/platform/log.ts';
import { logLines, raiseAlarm } from './alarm.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { LicenseTable } from './license-table.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type TableStreamProps = {
  readonly config: StageConfig;
  readonly table: LicenseTable;
  readonly reader: NodeFunction;
  /** How long changes are collected before the reader receives them. */
  readonly window: Duration;
  /** The sort keys of the items whose changes the reader receives. */
  readonly sortKeys: readonly [string, ...string[]];
  /** The queue of the records that failed for a day, and what a message in it means. */
  readonly failures: { readonly id: string; readonly meaning: string };
  /** What it means that the reader lags behind. */
  readonly whenBehind: string;
  /** What the reader logs about a record that it could not read, and what that means. */
  readonly unreadable: { readonly code: LogCode; readonly metricName: string; readonly meaning: string };
};

/**
 * Sends changes of the table's items to one of its two readers (a stream has at most two). The reader itself skips a
 * record that it cannot read. While the reader fails, the stream delivers the same records again, for nearly as long as
 * it keeps them.
 */
export class TableStream extends Construct {
  constructor(scope: Construct, id: string, props: TableStreamProps) {
    super(scope, id);
    const { config, table, reader, sortKeys } = props;
    const { tableStreamArn = '' } = table;
    const failures = new DeadLetterQueue(this, props.failures.id, config, props.failures.meaning);
    const { lambda } = reader;
    const reading = [
      new PolicyStatement({
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        resources: [tableStreamArn],
      }),
      new PolicyStatement({ actions: ['dynamodb:ListStreams'], resources: [`${table.tableArn}/stream/*`] }),
    ];
    for (const statement of reading) lambda.addToRolePolicy(statement);
    const mapping = new EventSourceMapping(this, 'changes', {
      target: lambda,
      eventSourceArn: tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      // One call for many changes instead of one for each.
      maxBatchingWindow: props.window,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10_000,
      maxRecordAge: Duration.hours(23),
      onFailure: new SqsDlq(failures),
      filters: [FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: FilterRule.or(...sortKeys) } } } })],
    });
    mapping.node.addDependency(lambda.role ?? lambda);
    raiseAlarm(this, 'behind', config, {
      metric: lambda.metric('IteratorAge', { period: Duration.minutes(5), statistic: 'max' }),
      threshold: Duration.minutes(15).toMilliseconds(),
      description: props.whenBehind,
    });
    const { code, metricName, meaning } = props.unreadable;
    raiseAlarm(this, 'set-aside', config, {
      metric: logLines(lambda, 'unreadable', code, metricName),
      description: meaning,
    });
    Validations.of(reader).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${readableArn(table)}/stream/*]`,
      reason:
        'A table’s streams are listed to find the one that is on now; each has the time of its start in its name.',
    });
  }
}

/** Returns the ARN of a table as the rule packs name it in a finding. */
function readableArn(table: LicenseTable): string {
  const { defaultChild } = table.node;
  if (defaultChild instanceof CfnElement) return `<${Stack.of(table).getLogicalId(defaultChild)}.Arn>`;
  return table.tableArn.replaceAll(/\$\{Token\[AWS\.(\w+)\.\d+\]\}/g, '<AWS::$1>');
}
