import type { IncomingMessage } from 'node:http';
import { Temporal } from 'temporal-polyfill';
import * as z from 'zod/mini';
import type { Clock } from './clock.ts';
import { type Answer, json } from './http.ts';

export type Controls = {
  readonly clock: Clock;
  /** Only a stack that was just started with `--fresh` allows this, before anything has run. */
  readonly mayGoBack: () => boolean;
  /** Moves the clock and starts what is due then. Some of it may end before this returns. */
  readonly moveClock: (instant: number) => void;
  readonly runDue: () => Promise<void>;
  /** The events that were put on the event buses. */
  readonly events: () => unknown[];
};

const clockMove = z.union([z.strictObject({ advance: z.string() }), z.strictObject({ now: z.string() })]);

/** Serves `GET /clock`, `POST /clock`, `POST /run-due` and `GET /events`, for tests and demonstrations. */
export async function answerControl(controls: Controls, request: IncomingMessage, body: string): Promise<Answer> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /clock':
      return time(controls.clock.now());
    case 'POST /clock': {
      const instant = target(body, controls.clock.now());
      if (instant === undefined) {
        return json(400, { error: 'Say { "advance": "P1D" } or { "now": "2027-01-15T08:00:00Z" }' });
      }
      if (instant < controls.clock.now() && !controls.mayGoBack()) {
        return json(409, {
          error: 'The clock goes back only on a stack just started with --fresh, before anything ran',
        });
      }
      controls.moveClock(instant);
      return time(instant);
    }
    case 'POST /run-due':
      await controls.runDue();
      return time(controls.clock.now());
    case 'GET /events':
      return json(200, { events: controls.events() });
    default:
      return json(404, { error: 'There are GET /clock, POST /clock, POST /run-due and GET /events' });
  }
}

function target(body: string, now: number): number | undefined {
  try {
    const move = clockMove.parse(JSON.parse(body));
    return 'now' in move
      ? Temporal.Instant.from(move.now).epochMilliseconds
      : // In UTC, so that days, months and years may be named too.
        Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('UTC').add(move.advance).epochMilliseconds;
  } catch {
    return undefined;
  }
}

const time = (instant: number) => json(200, { now: new Date(instant).toISOString() });
