import type { ImportDeps } from '../../shared/imports/deps.ts';
import { type ImportAnswer, type ImportRequest, importUpload } from '../../shared/imports/import-upload.ts';
import { type ReportPage, readReport } from '../../shared/imports/read-report.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import { memoryObjects } from './memory-objects.ts';
import { memoryTable } from './memory-table.ts';
import { aWorld, fixedClock, keyedHash, type WorldFacts } from './world.ts';

type Logged = { readonly code: string; readonly [id: string]: unknown };

/** The tenant `acme` with a bucket: uploads, and imports of them. */
export async function anImportWorld({
  versioned = true,
  ...facts
}: Omit<WorldFacts, 'table'> & { readonly versioned?: boolean } = {}) {
  const table = memoryTable();
  const objects = memoryObjects({ versioned });
  const world = await aWorld({ ...facts, table });
  const logged: Logged[] = [];
  const deps: ImportDeps = {
    table,
    objects,
    clock: fixedClock(),
    random: seededRandom(1),
    keyedHash,
    log: (code, ids) => logged.push({ code, ...ids }),
    readTenant: world.deps.readTenant,
  };
  return {
    ...world,
    table,
    objects,
    logged,
    deps,
    upload: (name: string, bytes: Uint8Array, metadata?: Readonly<Record<string, string>>) =>
      objects.upload(`tenants/acme/uploads/${name}`, bytes, metadata),
    importUpload: (
      upload: Omit<ImportRequest, 'tenant'>,
      other: Partial<ImportDeps & ImportRequest> = {},
    ): Promise<ImportAnswer> => {
      const { tenant = 'acme', key = upload.key, heldBackFor, ...others } = other;
      const heldBack = heldBackFor === undefined ? {} : { heldBackFor };
      return importUpload({ ...deps, ...others }, { ...upload, tenant, key, ...heldBack });
    },
    report: (key: string): Promise<ReportPage | undefined> => readReport(table, 'acme', { key }),
  };
}
