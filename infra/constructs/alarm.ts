import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IAlarmAction,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';

/** Rings at the first occurrence; its description tells the operator what happened and what to do. */
export function raiseAlarm(
  scope: Construct,
  id: string,
  config: StageConfig,
  { metric, description }: { metric: AlarmProps['metric']; description: string },
): Alarm {
  const alarm = new Alarm(scope, id, {
    metric,
    alarmDescription: description,
    threshold: 1,
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
