import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import type { Clock } from './clock.ts';
import type { DueWork } from './due-work.ts';
import type { EventQueue } from './event-queue.ts';
import { nextOccurrence } from './schedule-expression.ts';
import { recall, remember, transaction } from './state.ts';
import { ACCOUNT, REGION, type Template } from './template.ts';

type Schedule = {
  readonly name: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly functionArn: string;
  readonly input: string | undefined;
};

const scheduleProperties = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z._default(z.string(), 'UTC'),
  State: z._default(z.string(), 'ENABLED'),
  Target: z.object({ Arn: z.string(), Input: z.optional(z.string()) }),
});

export type Schedules = DueWork & {
  /** Counts again from the present moment, because the clock was set back. */
  readonly restart: () => void;
};

/**
 * Fires each schedule of the template when it is due. Fires it once, however many occurrences a move of the clock
 * skipped.
 */
export function openSchedules(
  template: Template,
  { state, clock, queue }: { readonly state: DatabaseSync; readonly clock: Clock; readonly queue: EventQueue },
): Schedules {
  const schedules = schedulesIn(template);
  const nextOf = (schedule: Schedule) => Number(recall(state, slot(schedule)) ?? Number.NaN);
  const plan = (schedule: Schedule, anchor: number) => {
    const next = nextOccurrence(schedule.expression, { after: clock.now(), anchor, timeZone: schedule.timeZone });
    remember(state, slot(schedule), String(next));
  };
  for (const schedule of schedules.filter((known) => Number.isNaN(nextOf(known)))) plan(schedule, clock.now());
  return {
    startDue() {
      for (const schedule of schedules) {
        const due = nextOf(schedule);
        if (due <= clock.now()) {
          transaction(state, () => {
            queue.add(schedule.functionArn, eventOf(schedule, due));
            plan(schedule, due);
          });
        }
      }
    },
    settle: async () => false,
    halt: () => {},
    restart() {
      for (const schedule of schedules) plan(schedule, clock.now());
    },
  };
}

/** The key contains the expression, so that a changed schedule starts again. */
const slot = ({ name, expression, timeZone }: Schedule) => `schedule ${name} ${expression} ${timeZone}`;

function schedulesIn(template: Template): Schedule[] {
  return template.ofType('AWS::Scheduler::Schedule').flatMap(([logicalId, { Properties }]) => {
    const { ScheduleExpression, ScheduleExpressionTimezone, State, Target } = scheduleProperties.parse(Properties);
    return State === 'ENABLED'
      ? [
          {
            name: template.constructName(logicalId),
            expression: ScheduleExpression,
            timeZone: ScheduleExpressionTimezone,
            functionArn: Target.Arn,
            input: Target.Input,
          },
        ]
      : [];
  });
}

function eventOf({ name, input }: Schedule, due: number): unknown {
  const time = new Date(due).toISOString().replace('.000Z', 'Z');
  if (input !== undefined) return JSON.parse(input.replaceAll('<aws.scheduler.scheduled-time>', time));
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: ACCOUNT,
    time,
    region: REGION,
    resources: [`arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/${name}`],
    detail: '{}',
  };
}
