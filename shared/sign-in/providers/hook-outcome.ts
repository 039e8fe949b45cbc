import { defined } from '../../licensing/defined.ts';
import type { Element, SessionEvent } from './session-event.ts';

/** The response to the provider, except for the members that depend on the allocation. */
export type HookResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** The outcome of a provider's call. */
export type HookOutcome =
  | {
      readonly outcome: 'events';
      readonly why: string;
      /** At least one, without duplicates, in the order in which they happened. */
      readonly events: readonly SessionEvent[];
      /** How many elements of the batch were bad. Absent when all were good. */
      readonly rejected?: number;
      readonly response: HookResponse;
    }
  | {
      /**
       * `ignore`: proven and readable, but not relevant. `reject`: proven, but nothing in it can be used.
       * `unauthorized`: a proof failed. `retry`: to be sent again. `protocol`: a handshake, which `response` answers.
       */
      readonly outcome: Exclude<Outcome, 'events'>;
      readonly why: string;
      readonly events: readonly [];
      readonly response: HookResponse;
    };

export type Outcome = 'events' | 'ignore' | 'reject' | 'unauthorized' | 'retry' | 'protocol';

/** The response to a provider, by outcome. */
export type Answers = Readonly<Record<Exclude<Outcome, 'protocol'>, HookResponse>>;

export function empty(status: number, headers: HookResponse['headers'] = {}): HookResponse {
  return { status, headers, body: '' };
}

export function json(status: number, body: unknown, headers: HookResponse['headers'] = {}): HookResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** For webhooks whose sender reads only the status. */
export const STATUS_ONLY: Answers = {
  events: empty(204),
  ignore: empty(204),
  reject: empty(400),
  unauthorized: empty(401),
  retry: empty(503),
};

export function noEvents(outcome: Exclude<Outcome, 'events'>, why: string, response: HookResponse): HookOutcome {
  return { outcome, why, events: [], response };
}

/**
 * Combines the elements of a batch into one outcome. Bad elements do not affect good ones. The order and repetition of
 * the elements do not change the outcome.
 */
export function concludeBatch(elements: readonly Element[], answers: Answers): HookOutcome {
  const events = sortEvents(elements.flatMap((element) => (element.kind === 'event' ? [element.event] : [])));
  // In alphabetical order, so that the order of the batch does not matter.
  const reasons = (kind: 'ignored' | 'bad' | 'foreign') =>
    elements.flatMap((element) => (element.kind === kind ? [element.reason] : [])).toSorted();
  const [ignored, bad, foreign] = [reasons('ignored'), reasons('bad'), reasons('foreign')];
  const [firstRejected] = [...bad, ...foreign].toSorted();
  if (events.length > 0) {
    const why = firstRejected === undefined ? 'proven and read' : `proven and read, but for: ${firstRejected}`;
    const rejected = bad.length + foreign.length || undefined;
    return defined({ outcome: 'events', why, events, rejected, response: answers.events });
  }
  if (foreign[0] !== undefined) return noEvents('unauthorized', foreign[0], answers.unauthorized);
  if (bad[0] !== undefined) return noEvents('reject', bad[0], answers.reject);
  return noEvents('ignore', ignored[0] ?? 'an empty batch', answers.ignore);
}

export function conclude(element: Element, answers: Answers): HookOutcome {
  return concludeBatch([element], answers);
}

/** Returns the events in the order in which they happened, each id once. */
function sortEvents(events: readonly SessionEvent[]): readonly SessionEvent[] {
  const sorted = events
    .map((event) => ({ event, key: JSON.stringify([event.id, event]) }))
    .toSorted((one, other) => Date.parse(one.event.at) - Date.parse(other.event.at) || (one.key < other.key ? -1 : 1))
    .map(({ event }) => event);
  const first = new Map<string, SessionEvent>();
  for (const event of sorted) if (!first.has(event.id)) first.set(event.id, event);
  return [...first.values()];
}
