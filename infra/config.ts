/** What differs between the stages of the service; everything else is the same everywhere. */
export interface StageConfig {
  readonly stackName: string;
  /** Data outlives the stack: the table and the buckets are kept, and the table refuses to be deleted. */
  readonly keepData: boolean;
  readonly logRetentionDays: 14 | 180;
  /** How long an overwritten or deleted upload can still be brought back. */
  readonly oldVersionDays: number;
  /** The operator's SNS topic that the alarms tell; without one they only show in CloudWatch. */
  readonly alarmTopicArn?: string;
}

const STAGES = {
  production: { stackName: 'LicenseService', keepData: true, logRetentionDays: 180, oldVersionDays: 365 },
  trial: { stackName: 'LicenseServiceTrial', keepData: false, logRetentionDays: 14, oldVersionDays: 30 },
} as const satisfies Record<string, StageConfig>;

/** Settings by `cdk deploy -c stage=trial -c alarmTopicArn=arn:…`; without a stage it is production, the careful one. */
export function stageConfig(context: { stage?: unknown; alarmTopicArn?: unknown }): StageConfig {
  const stage = context.stage ?? 'production';
  if (stage !== 'production' && stage !== 'trial') {
    throw new Error(`Unknown stage ${String(stage)}: it is one of ${Object.keys(STAGES).join(', ')}`);
  }
  return typeof context.alarmTopicArn === 'string'
    ? { ...STAGES[stage], alarmTopicArn: context.alarmTopicArn }
    : STAGES[stage];
}
