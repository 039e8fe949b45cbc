import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';
import { TableStream } from './table-stream.ts';

export type HistoryStreamProps = {
  readonly config: StageConfig;
  readonly table: Table;
  readonly recordHistory: NodeFunction;
};

/** Writes every change of a license, a card or a webhook to the history (R46). A record that cannot be read goes to a queue. */
export class HistoryStream extends TableStream {
  constructor(scope: Construct, id: string, { config, table, recordHistory }: HistoryStreamProps) {
    super(scope, id, {
      config,
      table,
      reader: recordHistory,
      sortKeys: ['LICENSE', 'CARD', 'WEBHOOK'],
      failures: {
        id: 'unrecorded-changes',
        whatToDo:
          'Changes could not be written into the history for most of a day. Each message names the shard and the sequence numbers: read them from the stream within a day of the change and give them to record-history again.',
      },
      whenBehind:
        'The history lags a quarter of an hour behind. Nothing is lost for a day: read the log of record-history, and mend what the table answers.',
      unreadable: {
        code: 'history-record-unreadable',
        metricName: 'UnreadableHistoryRecords',
        whatToDo:
          'The history could not read a record of the stream, and went on. The log of record-history gives its sequence number N, the item X#N of the table holds the record.',
      },
    });
  }
}
