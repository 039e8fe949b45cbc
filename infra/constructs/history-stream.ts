import { CfnElement, Duration, Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { FilterPattern } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { LogCode } from '../../shared/runtime/log.ts';
import type { StageConfig } from '../config.ts';
import { raiseAlarm } from './alarm.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { NodeFunction } from './node-function.ts';

export interface HistoryStreamProps {
  readonly config: StageConfig;
  readonly table: Table;
  readonly recordHistory: NodeFunction;
}

/**
 * Every change of a license or a card goes into the history (R46). A record that cannot be read is set aside by the
 * function itself; while the table fails, the stream tells again what was not taken, for nearly as long as it keeps it.
 */
export class HistoryStream extends Construct {
  constructor(scope: Construct, id: string, { config, table, recordHistory }: HistoryStreamProps) {
    super(scope, id);
    const { tableStreamArn = '' } = table;
    const failures = new DeadLetterQueue(
      this,
      'unrecorded-changes',
      config,
      'Changes could not be written into the history for most of a day. Each message names the shard and the sequence numbers: read them from the stream within a day of the change and give them to record-history again.',
    );
    const { lambda } = recordHistory;
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
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10_000,
      maxRecordAge: Duration.hours(23),
      onFailure: new SqsDlq(failures),
      filters: [FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: FilterRule.or('LICENSE', 'CARD') } } } })],
    });
    mapping.node.addDependency(lambda.role ?? lambda);
    raiseAlarm(this, 'behind', config, {
      metric: lambda.metric('IteratorAge', { period: Duration.minutes(5), statistic: 'max' }),
      threshold: Duration.minutes(15).toMilliseconds(),
      description:
        'The history lags a quarter of an hour behind. Nothing is lost for a day: read the log of record-history, and mend what the table answers.',
    });
    const unreadable: LogCode = 'history-record-unreadable';
    const setAside = lambda.logGroup.addMetricFilter('unreadable', {
      filterPattern: FilterPattern.allTerms(unreadable),
      metricNamespace: Stack.of(this).stackName,
      metricName: 'UnreadableHistoryRecords',
      metricValue: '1',
    });
    raiseAlarm(this, 'set-aside', config, {
      metric: setAside.metric({ period: Duration.minutes(5), statistic: 'sum' }),
      description:
        'The history could not read a record of the stream, and went on. The log of record-history gives its sequence number N, the item X#N of the table holds the record.',
    });
    const name = Stack.of(this).getLogicalId(tableOf(table));
    Validations.of(recordHistory).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${name}.Arn>/stream/*]`,
      reason:
        'A table’s streams are listed to find the one that is on now; each has the time of its start in its name.',
    });
  }
}

function tableOf(table: Table): CfnElement {
  const { defaultChild } = table.node;
  if (!(defaultChild instanceof CfnElement)) throw new TypeError('A table consists of an AWS::DynamoDB::Table');
  return defaultChild;
}
