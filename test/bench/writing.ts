import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshalled } from '../../shared/aws/attributes.ts';
import type { ImportDeps } from '../../shared/imports/deps.ts';
import { writePages } from '../../shared/imports/write-pages.ts';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';
import type { FileRow } from '../../shared/licensing/license/import-plan.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { keyedHash } from '../../shared/platform/keyed-hash.ts';
import { mapConcurrently } from '../../shared/platform/map-concurrently.ts';
import type { Item, Table } from '../../shared/platform/ports/table.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import type { Engine } from '../contracts/real-table.ts';
import { licenseZip } from '../fakes/license-file.ts';
import { memoryObjects } from '../fakes/memory-objects.ts';
import { median, REPETITIONS, timed } from './measuring.ts';
import { rowsOf, SIZES } from './reading.ts';

/*
 * Writing an accepted file with its pace off, against bare BatchWriteItem of the very items that it left: same engine,
 * same run, as many calls at once, one after the other in each repetition.
 */

const AT_ONCE = 4;
const BATCH = 25;

export async function benchWriting(engine: Engine): Promise<void> {
  const rows: Record<string, string | number>[] = [];
  await measure(engine, await licensesOf(1_000));
  for (const licenses of SIZES) {
    const file = await licensesOf(licenses);
    const measured = [];
    // A large file is its own average, and takes minutes.
    const repetitions = licenses > 1_000 ? 1 : REPETITIONS;
    for (let repetition = 1; repetition <= repetitions; repetition += 1) measured.push(await measure(engine, file));
    const seconds = median(measured.map(({ import: { seconds } }) => seconds));
    const bareSeconds = median(measured.map(({ bare: { seconds } }) => seconds));
    const cpu = median(measured.map((one) => one.import.cpuMs / one.bare.cpuMs));
    const rate = bareSeconds / seconds;
    const items = measured[0]?.items ?? 0;
    console.log(JSON.stringify({ bench: 'writing', licenses, items, seconds, bareSeconds, ratio: { rate, cpu } }));
    rows.push({
      licenses,
      items,
      'licenses/s': `${(licenses / seconds).toFixed(0)} : ${(licenses / bareSeconds).toFixed(0)}`,
      'rate ÷ bare (≥ 0.40)': rate.toFixed(2),
      'CPU ÷ bare': cpu.toFixed(2),
    });
  }
  console.table(rows);
}

async function licensesOf(count: number): Promise<readonly FileRow[]> {
  const reading = await readLicenseFile(await licenseZip({ licenses: rowsOf(count) }), 'upload.zip');
  if (reading.verdict !== 'accept') throw new Error('the file of the bench is rejected');
  return reading.licenses;
}

async function measure({ newTable, client }: Engine, licenses: readonly FileRow[]) {
  const imported = await newTable();
  const importing = await timed(() => importAll(imported.throughSdk, licenses));
  const items = await imported.items();
  const { name } = await newTable();
  const bare = await timed(() => putAll(client, name, items));
  return { items: items.length, import: importing, bare };
}

async function importAll(table: Table, licenses: readonly FileRow[]): Promise<void> {
  const deps: ImportDeps = {
    table,
    objects: memoryObjects(),
    clock: systemClock,
    random: seededRandom(1),
    log: () => undefined,
    keyedHash: keyedHash(async () => 'bench'),
    readTenant: async () => undefined,
    licensesPerSecond: Number.POSITIVE_INFINITY,
  };
  const by = { tenant: 'acme', importId: 'bench', issued: '2026-01-15', folderId: 'root' };
  const outcomes = await writePages(deps, by, 'Europe/Helsinki', licenses, async () => undefined);
  if (outcomes.some(({ outcome }) => outcome !== 'added')) throw new Error('a license of the bench was not added');
}

async function putAll(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  const puts = items.map((item) => ({ PutRequest: { Item: marshalled(item) } }));
  await mapConcurrently(Math.ceil(puts.length / BATCH), AT_ONCE, async (index) => {
    const some = puts.slice(index * BATCH, (index + 1) * BATCH);
    const { UnprocessedItems = {} } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: some } }));
    if (Object.keys(UnprocessedItems).length > 0) throw new Error('the engine left items of a batch unwritten');
  });
}
