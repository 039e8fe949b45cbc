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
 * An alarm that rings at the first occurrence or at its threshold. Its description tells the operator what happened and
 * what to do. Its name consists of the stack's name and the construct's path, and infra/README.md lists it.
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
