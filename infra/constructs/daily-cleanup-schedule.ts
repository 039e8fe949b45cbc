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
        whatToDo:
          'The daily cleanup of some tenants failed: the log names them (tenant-cleanup-failed). The next hour tries them again: empty the queue when the errors have stopped.',
      },
      retryAttempts: 1,
      maxEventAge: Duration.hours(1),
    });
  }
}
