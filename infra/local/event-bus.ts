import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import type { Clock } from './clock.ts';
import { passes } from './filter-criteria.ts';
import { type Answer, json } from './http.ts';
import type { MessageQueues } from './message-queues.ts';
import { transaction } from './state.ts';
import { ACCOUNT, REGION, type Template } from './template.ts';

/** The event buses of the template. They keep all events for `GET /events` of `control`. */
export type EventBuses = {
  /** Handles EventBridge's `PutEvents` in the protocol of AWS. */
  readonly answer: (operation: string, body: string) => Answer;
  /** All events of all buses, in order. */
  readonly all: () => unknown[];
};

const MOST_ENTRIES = 10;

const putEvents = z.object({
  Entries: z
    .array(
      z.object({
        EventBusName: z.string(),
        Source: z.string(),
        DetailType: z.string(),
        Detail: z.string(),
        Time: z.optional(z.number()),
      }),
    )
    .check(z.minLength(1), z.maxLength(MOST_ENTRIES)),
});
type Entry = z.infer<typeof putEvents>['Entries'][number];

/** The rules that send events to queues. */
const ruleProperties = z.object({
  EventBusName: z._default(z.string(), 'default'),
  EventPattern: z.record(z.string(), z.unknown()),
  Targets: z.array(z.object({ Arn: z.string() })),
});

const eventRow = z.object({ event: z.string() });

export function openEventBuses(
  template: Template,
  {
    state,
    clock,
    queues,
  }: { readonly state: DatabaseSync; readonly clock: Clock; readonly queues: Pick<MessageQueues, 'send'> },
): EventBuses {
  state.exec(
    'CREATE TABLE IF NOT EXISTS bus_events (place INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL) STRICT',
  );
  const insert = state.prepare('INSERT INTO bus_events (event) VALUES (?)');
  const buses = template.ofType('AWS::Events::EventBus').map(([logicalId]) => template.physicalName(logicalId));
  // Rules of other buses, such as the account's default bus, are for events from outside.
  const rules = template
    .ofType('AWS::Events::Rule')
    .map(([, { Properties }]) => ruleProperties.parse(Properties))
    .filter(({ EventBusName }) => buses.includes(EventBusName));

  function put(entry: Entry): { EventId: string } | { ErrorCode: string; ErrorMessage: string } {
    if (!buses.includes(entry.EventBusName)) {
      return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `No event bus ${entry.EventBusName}` };
    }
    const event = envelope(entry, clock.now());
    transaction(state, () => {
      insert.run(JSON.stringify(event));
      for (const { EventBusName, EventPattern, Targets } of rules) {
        if (
          EventBusName === entry.EventBusName &&
          passes({ Filters: [{ Pattern: JSON.stringify(EventPattern) }] }, event)
        ) {
          for (const { Arn } of Targets) queues.send(Arn, JSON.stringify(event));
        }
      }
    });
    return { EventId: event.id };
  }

  return {
    answer(operation, body) {
      if (operation !== 'PutEvents') {
        return json(400, {
          __type: 'UnknownOperationException',
          message: `The local stack does not know ${operation}`,
        });
      }
      const reading = putEvents.safeParse(JSON.parse(body));
      if (!reading.success) return json(400, { __type: 'ValidationException', message: reading.error.message });
      const entries = reading.data.Entries.map(put);
      return json(200, { FailedEntryCount: entries.filter((entry) => 'ErrorCode' in entry).length, Entries: entries });
    },
    all: () =>
      state
        .prepare('SELECT event FROM bus_events ORDER BY place')
        .all()
        .map((row) => JSON.parse(eventRow.parse(row).event)),
  };
}

/** Returns the event as a rule's target receives it. */
function envelope({ Source, DetailType, Detail, Time }: Entry, now: number) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType,
    source: Source,
    account: ACCOUNT,
    time: new Date(Time === undefined ? now : Time * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region: REGION,
    resources: [],
    detail: JSON.parse(Detail),
  };
}
