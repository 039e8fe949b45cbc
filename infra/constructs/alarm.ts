import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IAlarmAction,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { LogCode } from '../../shared/platform/log.ts';
import type { StageConfig } from './stage-config.ts';

export type AlarmOptions = Pick<AlarmProps, 'metric' | 'evaluateLowSampleCountPercentile'> & {
  /** What the alarm means, in the words of its runbook entry. */
  readonly description: string;
  readonly threshold?: number;
};

/**
 * An alarm that rings at the first occurrence or at its threshold. Its name consists of the stack's name and the
 * construct's path. The runbook in infra/README.md has an entry for it.
 */
export function raiseAlarm(scope: Construct, id: string, config: StageConfig, options: AlarmOptions): Alarm {
  return createAlarm(scope, id, config, {
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    ...options,
  });
}

/** An alarm that rings when something did not happen in so many periods of its metric, one after the other. */
export function raiseAlarmOnSilence(
  scope: Construct,
  id: string,
  config: StageConfig,
  { periods, ...options }: Omit<AlarmOptions, 'threshold'> & { readonly periods: number },
): Alarm {
  return createAlarm(scope, id, config, {
    threshold: 1,
    evaluationPeriods: periods,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
    ...options,
  });
}

function createAlarm(
  scope: Construct,
  id: string,
  { alarmTopicArn }: StageConfig,
  { description, ...props }: AlarmProps & { readonly description: string },
): Alarm {
  const place = [...scope.node.path.split('/').slice(1), id].filter((part) => part !== 'alarm').join('/');
  const alarm = new Alarm(scope, id, {
    alarmName: `${Stack.of(scope).stackName} ${place}`,
    alarmDescription: `${description} See the runbook in infra/README.md.`,
    ...props,
  });
  if (alarmTopicArn !== undefined) {
    const topic: IAlarmAction = { bind: () => ({ alarmActionArn: alarmTopicArn }) };
    alarm.addAlarmAction(topic);
  }
  return alarm;
}

/** Returns the metric that counts a function's log lines with this code. */
export function logLines(lambda: Lambda, id: string, code: LogCode, metricName: string): Metric {
  const filter = lambda.logGroup.addMetricFilter(id, {
    filterPattern: FilterPattern.stringValue('$.message.code', '=', code),
    metricNamespace: Stack.of(lambda).stackName,
    metricName,
    metricValue: '1',
  });
  return filter.metric({ period: Duration.minutes(5), statistic: 'sum' });
}
