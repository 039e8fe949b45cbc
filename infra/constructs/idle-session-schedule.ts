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
        meaning:
          'Idle sessions were not ended in some minutes. The next minute made up for it, unless it failed as well.',
      },
      silence: {
        period: Duration.minutes(5),
        periods: 1,
        meaning:
          'Nothing has called end-idle-sessions for five minutes. Idle sessions keep their licenses until it is called again.',
      },
      retryAttempts: 0,
      maxEventAge: Duration.minutes(5),
    });
  }
}
