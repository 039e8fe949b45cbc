import * as z from 'zod/mini';
import { type Instant, plus } from '../../shared/licensing/time.ts';
import { eventFromBus, type ServiceEvent } from '../../shared/platform/ports/service-event.ts';
import { KEPT_FOR, pauseAfter } from './retry-schedule.ts';

/** An event that waits for its webhook, as its message in the queue says. */
export type WaitingEvent = {
  readonly event: ServiceEvent;
  /**
   * The message as the bus sent it. It goes to the dead-letter queue in this form, so that a redrive starts with the
   * first try.
   */
  readonly fromBus: string;
  readonly tries: number;
  readonly firstAt: Instant;
  /** When the event is tried next. A message may come earlier, because SQS delays one for 15 minutes at most. */
  readonly dueAt: Instant;
};

const delivery = z.object({ tries: z.number(), firstAt: z.string(), dueAt: z.string() });

/** Reads a message of the queue: one that the bus sent, or one that `messageOf` made. Throws for anything else. */
export function readWaitingEvent(body: string, now: Instant): WaitingEvent {
  const { delivery: stored, ...envelope } = z.looseObject({ delivery: z.optional(delivery) }).parse(JSON.parse(body));
  const { tries, firstAt, dueAt } = stored ?? { tries: 0, firstAt: now, dueAt: now };
  return { event: eventFromBus(body), fromBus: JSON.stringify(envelope), tries, firstAt, dueAt };
}

/** Returns the message that puts the event into the queue again. */
export function messageOf({ fromBus, tries, firstAt, dueAt }: WaitingEvent): string {
  return JSON.stringify({ ...JSON.parse(fromBus), delivery: { tries, firstAt, dueAt } });
}

/** Returns the event after a failed try, or undefined when there is no further try. */
export function afterFailedTry(waiting: WaitingEvent, now: Instant): WaitingEvent | undefined {
  const tries = waiting.tries + 1;
  const pause = pauseAfter(tries);
  return pause === undefined ? undefined : waitingUntil({ ...waiting, tries }, plus(now, pause));
}

/** Returns the event as it waits until then, or undefined when it would be too old by then. */
export function waitingUntil(waiting: WaitingEvent, dueAt: Instant): WaitingEvent | undefined {
  return dueAt <= plus(waiting.firstAt, KEPT_FOR) ? { ...waiting, dueAt } : undefined;
}
