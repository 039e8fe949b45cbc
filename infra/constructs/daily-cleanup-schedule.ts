import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { logLines, raiseAlarm } from './alarm.ts';
import { FunctionSchedule } from './function-schedule.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type DailyCleanupScheduleProps = {
  readonly config: StageConfig;
  readonly cleanUpDaily: NodeFunction;
};

/**
 * Cleans up each tenant once a day, after its cleanup hour (R43). The schedule runs every hour, because tenants live in
 * all time zones. When a run is missed or fails, the next one cleans up the tenants that are still due that day.
 */
export class DailyCleanupSchedule extends FunctionSchedule {
  constructor(scope: Construct, id: string, { config, cleanUpDaily }: DailyCleanupScheduleProps) {
    super(scope, id, {
      config,
      called: cleanUpDaily,
      rate: 'rate(1 hour)',
      failures: {
        id: 'missed-cleanups',
        meaning: 'The daily cleanup of some tenants failed. Every hour tries them again.',
      },
      silence: {
        period: Duration.hours(1),
        periods: 2,
        meaning: 'Nothing has called clean-up-daily for two hours. Tenants whose cleanup hour has come wait for it.',
      },
      retryAttempts: 1,
      maxEventAge: Duration.hours(1),
    });
    raiseAlarm(this, 'left', config, {
      metric: logLines(cleanUpDaily.lambda, 'left', 'daily-work-left', 'TenantsLeftByCleanup'),
      description: 'The daily cleanup ran out of time before it had looked at every tenant. The next hour goes on.',
    });
  }
}
