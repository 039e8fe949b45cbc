import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SORT_KEYS_WITH_EVENTS } from '../../shared/events/events-of-change.ts';
import type { LicenseTable } from './license-table.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';
import { TableStream } from './table-stream.ts';

export type EventStreamProps = {
  readonly config: StageConfig;
  readonly table: LicenseTable;
  readonly publishEvents: NodeFunction;
};

/**
 * Publishes changes as events on the event bus, and counts the free licenses of a pool when one of its licenses
 * changes.
 */
export class EventStream extends TableStream {
  constructor(scope: Construct, id: string, { config, table, publishEvents }: EventStreamProps) {
    super(scope, id, {
      config,
      table,
      reader: publishEvents,
      // Receivers of events wait for them.
      window: Duration.seconds(2),
      sortKeys: ['LICENSE', ...SORT_KEYS_WITH_EVENTS],
      failures: {
        id: 'untold-changes',
        meaning: 'Events could not be published for most of a day. Nobody has received them.',
      },
      whenBehind: 'Events are published a quarter of an hour late or more. Nothing is lost for a day.',
      unreadable: {
        code: 'event-record-unreadable',
        metricName: 'UnreadableEventRecords',
        meaning: 'A record of the stream could not be read for its events, and was passed over.',
      },
    });
  }
}
