import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FunctionSchedule } from './function-schedule.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type DailyCleanupScheduleProps = {
  readonly config: StageConfig;
  readonly cleanUpDaily: NodeFunction;
};

/**
 * Asks every hour whose cleanup hour has come (R43): tenants live in all time zones. An hour that is missed or fails is
 * made up for by the next, for whoever was not cleaned up that day.
 */
export class DailyCleanupSchedule extends FunctionSchedule {
  constructor(scope: Construct, id: string, { config, cleanUpDaily }: DailyCleanupScheduleProps) {
    super(scope, id, {
      config,
      called: cleanUpDaily,
      rate: 'rate(1 hour)',
      failures: {
        id: 'missed-cleanups',
        whatToDo:
          'The daily cleanup of some tenants failed: the log names them (tenant-cleanup-failed). The next hour tries them again: empty the queue when the errors have stopped.',
      },
      retryAttempts: 1,
      maxEventAge: Duration.hours(1),
    });
  }
}
