import { Stack } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IAlarmAction,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { StageConfig } from './stage-config.ts';

/**
 * Rings at the first occurrence, or at the threshold; its description tells the operator what happened and what to do. Its
 * name is the stack's and the place in it, which the runbook in infra/README.md lists.
 */
export function raiseAlarm(
  scope: Construct,
  id: string,
  config: StageConfig,
  {
    metric,
    description,
    threshold = 1,
  }: { readonly metric: AlarmProps['metric']; readonly description: string; readonly threshold?: number },
): Alarm {
  const place = [...scope.node.path.split('/').slice(1), id].filter((part) => part !== 'alarm').join('/');
  const alarm = new Alarm(scope, id, {
    alarmName: `${Stack.of(scope).stackName} ${place}`,
    metric,
    alarmDescription: description,
    threshold,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  const { alarmTopicArn } = config;
  if (alarmTopicArn !== undefined) {
    const topic: IAlarmAction = { bind: () => ({ alarmActionArn: alarmTopicArn }) };
    alarm.addAlarmAction(topic);
  }
  return alarm;
}
