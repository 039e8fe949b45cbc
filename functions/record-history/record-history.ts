import { type BatchAnswer, failuresOf } from '../../shared/aws/batch-answer.ts';
import { changedItemOf, type StreamEvent, tenantOfRecord } from '../../shared/aws/stream-records.ts';
import { type ChangedItem, entryOfChange } from '../../shared/history/changed-item.ts';
import { indexPerson } from '../../shared/history/index-person.ts';
import { eraseNames, type HistoryDeps, writeEntry } from '../../shared/history/write-entries.ts';
import { beginning } from '../../shared/licensing/beginning.ts';
import type { HistoryEntry } from '../../shared/licensing/history/history.ts';
import { DAY, epochSeconds, plus } from '../../shared/licensing/time.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Log } from '../../shared/platform/log.ts';
import { unreadableRecordKey } from '../../shared/store/keys.ts';
import { poolEntryWrite } from '../../shared/store/pool-entries.ts';

/** The records are handled concurrently, because none depends on another. */
const AT_A_TIME = 10;

/** An item may have 400 KB, so only the beginning of a larger record is kept. */
const KEPT_CHARACTERS = 300_000;

/** How long an unreadable record is kept for a person to look at. It may name people, also erased ones. */
const KEPT = 30 * DAY;

export type RecordHistoryDeps = HistoryDeps & { readonly clock: Clock; readonly log: Log };

type StreamRecord = StreamEvent['Records'][number];

/**
 * Writes the stream's changes into the history (R46), each once: an entry's key and content follow from the change, so
 * records that come twice, late, or in another order change nothing (F52). A record that cannot be read is set aside
 * for a person and blocks nothing; when the table fails, the stream delivers the record again (F54).
 */
export async function recordHistory(deps: RecordHistoryDeps, records: readonly StreamRecord[]): Promise<BatchAnswer> {
  const failed: string[] = [];
  for (let start = 0; start < records.length; start += AT_A_TIME) {
    const some = records.slice(start, start + AT_A_TIME);
    const recorded = await Promise.allSettled(some.map((record) => recordOne(deps, record)));
    recorded.forEach(({ status }, index) => {
      const record = some[index];
      if (status === 'rejected' && record !== undefined) failed.push(record.dynamodb.SequenceNumber);
    });
  }
  deps.log('history-recorded', { records: records.length, failed: failed.length });
  return failuresOf(failed);
}

async function recordOne(deps: RecordHistoryDeps, record: StreamRecord): Promise<void> {
  const reading = readRecord(record);
  switch (reading.kind) {
    case 'unreadable':
      return setAside(deps, record);
    case 'change': {
      const { item, entry } = reading;
      await indexPerson(deps.table, item);
      if (entry === undefined) return;
      await writeEntry(deps, entry);
      await eraseNames(deps, entry);
      if (entry.kind === 'license') await deps.table.write([poolEntryWrite(entry)]);
    }
  }
}

type RecordReading =
  /** A change of an item, with its entry in the history if it has one. */
  | { readonly kind: 'change'; readonly item: ChangedItem; readonly entry: HistoryEntry | undefined }
  | { readonly kind: 'unreadable' };

function readRecord(record: StreamRecord): RecordReading {
  try {
    const item = changedItemOf(record);
    return { kind: 'change', item, entry: entryOfChange(item) };
  } catch {
    return { kind: 'unreadable' };
  }
}

async function setAside({ table, clock, log }: RecordHistoryDeps, record: StreamRecord): Promise<void> {
  const { SequenceNumber: sequenceNumber } = record.dynamodb;
  const text = beginning(JSON.stringify(record), KEPT_CHARACTERS);
  const tenantId = tenantOfRecord(record);
  const known = tenantId === undefined ? {} : { tenant: tenantId };
  const ttl = epochSeconds(plus(clock.now(), KEPT));
  await table.write([{ put: { ...unreadableRecordKey(sequenceNumber), ...known, record: text, ttl } }]);
  log('history-record-unreadable', { sequenceNumber, tenant: tenantId });
}
