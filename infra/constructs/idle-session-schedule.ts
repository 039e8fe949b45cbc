import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FunctionSchedule } from './function-schedule.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type IdleSessionScheduleProps = {
  readonly config: StageConfig;
  readonly endIdleSessions: NodeFunction;
};

/** Ends idle sessions every minute (R26). A failed run is not retried for long, because the next one does its work. */
export class IdleSessionSchedule extends FunctionSchedule {
  constructor(scope: Construct, id: string, { config, endIdleSessions }: IdleSessionScheduleProps) {
    super(scope, id, {
      config,
      called: endIdleSessions,
      rate: 'rate(1 minute)',
      failures: {
        id: 'missed-minutes',
        whatToDo:
          'Idle sessions were not ended in some minutes. The next minute makes up for it: empty the queue when the errors have stopped.',
      },
      retryAttempts: 0,
      maxEventAge: Duration.minutes(5),
    });
  }
}
