import { absent } from '../licensing/clause.ts';
import { type FileRow, type ImportFacts, type LicenseOutcome, planLicense } from '../licensing/license/import-plan.ts';
import type { License } from '../licensing/license/license.ts';
import { dayIn } from '../licensing/time.ts';
import { mapConcurrently } from '../platform/map-concurrently.ts';
import { MAX_WRITES, type Write } from '../platform/ports/table.ts';
import { untilAnswered } from '../platform/retry.ts';
import { licenseOf } from '../store/items.ts';
import { importPageKey, licenseKey } from '../store/keys.ts';
import {
  concernsCards,
  type ImportedLicense,
  licenseAloneWrites,
  licenseAndCardWrites,
  WRITES_PER_LICENSE,
} from '../store/write-import.ts';
import type { ImportDeps } from './deps.ts';
import { IMPORT_PATIENCE, LICENSES_PER_SECOND, type Pace, steadyPace } from './pace.ts';
import { readPages } from './read-report.ts';
import { outcomesOf, type Page, pageItem, pageOf } from './report.ts';

/** How many licenses one page holds: as many as fit into one transaction with the page itself. */
const PAGE_SIZE = Math.floor((MAX_WRITES - 1) / WRITES_PER_LICENSE);

/** After how many pages the progress is noted. */
const PAGES_PER_NOTE = 10;

/** How many pages are written at once. */
const PAGES_AT_ONCE = 4;

type PageOfFile = { readonly index: number; readonly rows: readonly FileRow[] };

type Work = ImportDeps & {
  readonly by: Omit<ImportFacts, 'change'>;
  readonly timeZone: string;
  readonly pace: Pace;
};

/**
 * Writes the licenses of an accepted file. Returns the outcomes in the order of the file. The outcome of a license is
 * written to the report's page in the same transaction as the license. So whatever a page says is done, by this call,
 * by an interrupted one, or by a concurrent one. The other licenses are planned as they are now. `noteDone` is called
 * now and then with what is done.
 */
export async function writePages(
  deps: ImportDeps,
  by: Omit<ImportFacts, 'change'>,
  timeZone: string,
  rows: readonly FileRow[],
  noteDone: (outcomes: readonly LicenseOutcome[]) => Promise<unknown>,
): Promise<readonly LicenseOutcome[]> {
  const pace = steadyPace(deps.clock, deps.licensesPerSecond ?? LICENSES_PER_SECOND);
  const work = { ...deps, by, timeZone, pace };
  const pages = [...(await readPages(deps.table, by.tenant, by.importId))];
  const outcomes = () => pages.flatMap((page) => (page === undefined ? [] : outcomesOf(page)));
  let written = 0;
  await mapConcurrently(Math.ceil(rows.length / PAGE_SIZE), PAGES_AT_ONCE, async (index) => {
    const ofPage = { index, rows: rows.slice(index * PAGE_SIZE, (index + 1) * PAGE_SIZE) };
    pages[index] = await writePage(work, ofPage, pages[index]);
    written += 1;
    if (written % PAGES_PER_NOTE === 0) await noteDone(outcomes());
  });
  return outcomes();
}

/**
 * Writes the licenses that are on no user card in one transaction first, then one by one those that logins may be
 * changing.
 */
async function writePage(work: Work, { index, rows }: PageOfFile, known: Page | undefined): Promise<Page> {
  const page = known ?? (await writeTogether(work, { index, rows }));
  const done = { ...page.rows };
  for (const [position, row] of rows.entries()) {
    done[position] ??= await writeAlone(work, index, position, row);
  }
  return { rows: done };
}

function writeTogether(work: Work, { index, rows }: PageOfFile): Promise<Page> {
  const { table, by } = work;
  return untilAnswered(
    work,
    async () => {
      await work.pace.wait();
      const items = await table.getMany(rows.map(({ serialNumber }) => licenseKey(by.tenant, serialNumber)));
      const { today, plan } = planner(work);
      const planned = rows.map((row, position) => {
        const item = items[position];
        return plan(row, item === undefined ? undefined : licenseOf(item));
      });
      const together = [...planned.entries()].filter(
        ([, { change }]) => change === undefined || !concernsCards(change),
      );
      const page = { rows: Object.fromEntries(together.map(([position, { outcome }]) => [position, outcome])) };
      const put: Write = { put: pageItem(by.tenant, by.importId, index, page), onlyIf: [absent('pk')] };
      const changes = together.flatMap(([, { change }]) => change ?? []);
      const writes = changes.flatMap((change) => licenseAloneWrites(change, today));
      const answer = await table.write([put, ...writes]);
      work.pace.record(changes.length, answer.done);
      if (answer.done) return page;
      const [ofPage] = answer.refusals;
      return ofPage?.because === 'condition' && ofPage.item !== undefined ? pageOf(ofPage.item) : undefined;
    },
    IMPORT_PATIENCE,
  );
}

/** Writes one license that is on user cards, in one transaction with these cards and with its outcome in the page. */
function writeAlone(work: Work, index: number, position: number, row: FileRow): Promise<LicenseOutcome> {
  const { table, by } = work;
  const place = ['rows', `${position}`] as const;
  return untilAnswered(
    work,
    async () => {
      await work.pace.wait();
      const item = await table.get(licenseKey(by.tenant, row.serialNumber));
      const { today, plan } = planner(work);
      const { outcome, change } = plan(row, item === undefined ? undefined : licenseOf(item));
      const update: Write = {
        update: importPageKey(by.tenant, by.importId, index),
        set: [[place, outcome]],
        onlyIf: [absent(place)],
      };
      const writes = change === undefined ? [] : await licenseAndCardWrites(table, change, today);
      const answer = await table.write([update, ...writes]);
      work.pace.record(1, answer.done);
      if (answer.done) return outcome;
      const [ofPage] = answer.refusals;
      return ofPage?.because === 'condition' && ofPage.item !== undefined
        ? pageOf(ofPage.item).rows[position]
        : undefined;
    },
    IMPORT_PATIENCE,
  );
}

function planner({ by, timeZone, clock }: Work) {
  const now = clock.now();
  const change = { actor: 'import-licenses', cause: `import ${by.importId}`, at: now };
  const plan = (
    row: FileRow,
    before: License | undefined,
  ): { readonly outcome: LicenseOutcome; readonly change?: ImportedLicense } => {
    const { outcome, after } = planLicense({ ...by, change }, row, before);
    return after === undefined ? { outcome } : { outcome, change: { before, after } };
  };
  return { today: dayIn(timeZone, now), plan };
}
