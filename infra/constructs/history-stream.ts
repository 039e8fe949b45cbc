import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { LicenseTable } from './license-table.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';
import { TableStream } from './table-stream.ts';

export type HistoryStreamProps = {
  readonly config: StageConfig;
  readonly table: LicenseTable;
  readonly recordHistory: NodeFunction;
};

/**
 * Writes every change of a license, a card or a webhook to the history (R46). A record that cannot be read goes to a
 * queue.
 */
export class HistoryStream extends TableStream {
  constructor(scope: Construct, id: string, { config, table, recordHistory }: HistoryStreamProps) {
    super(scope, id, {
      config,
      table,
      reader: recordHistory,
      window: Duration.seconds(5),
      sortKeys: ['LICENSE', 'CARD', 'WEBHOOK'],
      failures: {
        id: 'unrecorded-changes',
        meaning: 'Changes could not be written into the history for most of a day, and are missing there.',
      },
      whenBehind: 'The history is a quarter of an hour late or more. Nothing is lost for a day.',
      unreadable: {
        code: 'history-record-unreadable',
        metricName: 'UnreadableHistoryRecords',
        meaning: 'The history could not read a record of the stream, and went on without it.',
      },
    });
  }
}
