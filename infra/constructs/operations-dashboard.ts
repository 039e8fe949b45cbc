import { Aws, Duration, Stack } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  type MetricOptions,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { MetricName } from '../../shared/platform/metrics.ts';
import { TABLE } from '../../shared/platform/ports/table-definition.ts';
import { raiseAlarm } from './alarm.ts';
import type { LicenseTable } from './license-table.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type OperationsDashboardProps = {
  readonly config: StageConfig;
  readonly functions: Readonly<Record<string, NodeFunction>>;
  readonly renewal: StateMachine;
  readonly table: LicenseTable;
};

/** The outcomes of a login. `undecided` is one that failed and that its caller has to retry. */
const OUTCOMES = ['allocated', 'assigned', 'continued', 'denied', 'undecided'];
const HOOK_OUTCOMES = ['events', 'ignore', 'reject', 'unauthorized', 'retry', 'undecided'];

/** In milliseconds. A login may take ten seconds. One that takes two lost many races against concurrent writers. */
const SLOW = Duration.seconds(2);

/** In five minutes. A few come while an on-demand table grows. */
const MOST_THROTTLES = 10;

/** The dashboard for operators: logins, failures, queues, and how many licenses are free. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, { config, functions, renewal, table }: OperationsDashboardProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    const measured = (metricName: MetricName, options: MetricOptions = {}) =>
      new Metric({ namespace: stackName, metricName, period: Duration.minutes(5), ...options });
    const latency = (statistic: string) => measured('LoginLatency', { statistic, label: statistic });
    const queues = Stack.of(this)
      .node.findAll()
      .filter((child) => child instanceof Queue);
    const lambdas = Object.entries(functions).map(([label, { lambda }]) => ({ label, lambda }));
    const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
      new GraphWidget({ title, left, right, width: 12, height: 6 });

    new Dashboard(this, 'dashboard', {
      // The dashboards of all regions of an account share their names.
      dashboardName: `${stackName}-${Aws.REGION}`,
      widgets: [
        [
          graph(
            'Logins by outcome',
            OUTCOMES.map((outcome) =>
              measured('Logins', { statistic: 'sum', label: outcome, dimensionsMap: { Outcome: outcome } }),
            ),
          ),
          graph('How long a login takes, and how many attempts', ['p50', 'p99'].map(latency), [
            measured('LoginAttempts', { statistic: 'avg' }),
            measured('LoginConflicts', { statistic: 'sum' }),
          ]),
        ],
        [
          graph(
            'Errors of functions',
            lambdas.map(({ label, lambda }) => lambda.metricErrors({ label })),
          ),
          graph(
            'Calls that were held off',
            lambdas.map(({ label, lambda }) => lambda.metricThrottles({ label })),
          ),
        ],
        [
          graph(
            'Messages that wait in a queue',
            queues.map((queue) => queue.metricApproximateNumberOfMessagesVisible({ label: queue.node.path })),
          ),
          graph(
            'How far the readers of the stream lag behind',
            lambdas
              .filter(({ label }) => label === 'record-history' || label === 'publish-events')
              .map(({ label, lambda }) => lambda.metric('IteratorAge', { statistic: 'max', label })),
          ),
        ],
        [
          graph(
            'Calls of hooks by outcome',
            HOOK_OUTCOMES.map((outcome) =>
              measured('HookCalls', { statistic: 'sum', label: outcome, dimensionsMap: { HookOutcome: outcome } }),
            ),
          ),
        ],
        [
          graph('Renewals', [renewal.metricStarted(), renewal.metricSucceeded(), renewal.metricFailed()]),
          graph('Free licenses of watched pools', [
            new MathExpression({
              expression: `SEARCH('{"${stackName}",Tenant,Folder,Pool} MetricName="Vacancies"', 'Minimum', 300)`,
              label: '',
              period: Duration.minutes(5),
            }),
          ]),
        ],
      ],
    });

    raiseAlarm(this, 'slow-logins', config, {
      metric: measured('LoginLatency', { statistic: 'p99' }),
      threshold: SLOW.toMilliseconds(),
      // Of a few logins, the slowest one would be the one in a hundred.
      evaluateLowSampleCountPercentile: 'ignore',
      description: 'One login in a hundred takes two seconds or longer.',
    });
    raiseAlarm(this, 'throttled-table', config, {
      metric: throttlesOf(table),
      threshold: MOST_THROTTLES,
      description: `DynamoDB refused ${MOST_THROTTLES} reads or writes or more of the table or its indexes in five minutes. The service tries each of them again for up to two seconds.`,
    });
    raiseAlarm(this, 'undecided-logins', config, {
      metric: measured('Logins', { statistic: 'sum', dimensionsMap: { Outcome: 'undecided' } }),
      threshold: 10,
      description: 'Ten logins or more in five minutes ended in an error. Their callers try again.',
    });
  }
}

/** A throttled index throttles the writes of the table. */
function throttlesOf(table: LicenseTable): MathExpression {
  const metrics = [undefined, ...Object.keys(TABLE.indexes)].flatMap((index) =>
    ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) =>
      table.metric(name, {
        period: Duration.minutes(5),
        statistic: 'sum',
        dimensionsMap: { TableName: table.tableName, ...(index && { GlobalSecondaryIndexName: index }) },
      }),
    ),
  );
  const usingMetrics = Object.fromEntries(metrics.map((metric, number) => [`m${number}`, metric]));
  const terms = Object.keys(usingMetrics).map((id) => `FILL(${id}, 0)`);
  return new MathExpression({ expression: terms.join(' + '), usingMetrics, period: Duration.minutes(5) });
}
