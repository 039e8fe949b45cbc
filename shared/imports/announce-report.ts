import { absent, any, atMost } from '../licensing/clause.ts';
import { reportObjectKey } from '../licensing/tenant/upload-key.ts';
import { untilAnswered } from '../platform/retry.ts';
import { uploadKey } from '../store/keys.ts';
import type { ImportDeps } from './deps.ts';
import { IMPORT_PATIENCE } from './pace.ts';
import { type LatestImport, readLatestImport, readWholeReport } from './read-report.ts';
import type { FinishedImport } from './report.ts';

/** The metadata of a report object that names its import. */
const IMPORT_ID = 'import-id';

/**
 * Makes a finished import findable by its upload's key, and as an object beside the upload. If there are several
 * imports under one key, the one of the latest upload ends up there, whichever finishes last. If it is there already,
 * nothing is written.
 */
export async function announceReport(deps: ImportDeps, finished: FinishedImport): Promise<void> {
  const { table, objects } = deps;
  const { tenant, key } = finished;
  const reportKey = reportObjectKey(key);
  for (;;) {
    const { importId } = await nameLatest(deps, finished);
    const object = await objects.head({ key: reportKey });
    if (object?.metadata[IMPORT_ID] === importId) return;
    const report = await readWholeReport(table, tenant, importId);
    if (report === undefined) throw new Error('the latest import of an upload has no report');
    await objects.put(reportKey, JSON.stringify(report, undefined, 1), { [IMPORT_ID]: importId });
  }
}

function nameLatest(deps: ImportDeps, finished: FinishedImport): Promise<LatestImport> {
  const { importId, tenant, key, uploadedAt, receivedAt } = finished;
  const mine = { importId, order: `${uploadedAt}#${receivedAt}#${importId}` };
  return untilAnswered(
    deps,
    async () => {
      const latest = await readLatestImport(deps.table, tenant, key);
      if (latest !== undefined && latest.order >= mine.order) return latest;
      const onlyIf = [any(absent('order'), atMost('order', mine.order))];
      const answer = await deps.table.write([{ put: { ...mine, ...uploadKey(tenant, key) }, onlyIf }]);
      return answer.done ? mine : undefined;
    },
    IMPORT_PATIENCE,
  );
}
