import { recordHistory } from '../../functions/record-history/record-history.ts';
import { importUpload } from '../../shared/imports/import-upload.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { renewalKey, renewalLockKey } from '../../shared/store/keys.ts';
import { apiOn } from '../functions/admin-api/api.ts';
import { isReadLock } from './command-entries.ts';
import { licenseZip } from './license-file.ts';
import { memoryObjects } from './memory-objects.ts';
import { streamedTable } from './streamed-table.ts';
import { aLicense, aUserCard, aWorld, keyedHash } from './world.ts';

/**
 * Serial numbers are named after what is the matter with the license; `A/1%` is one that a path cannot hold as it is.
 */
const LICENSES = [
  aLicense({ serialNumber: 'FREE', type: 'dedicated' }),
  aLicense({ serialNumber: 'A/1%', type: 'dedicated' }),
  aLicense({ serialNumber: 'FLOATING', folderId: 'sales' }),
  aLicense({ serialNumber: 'ASSIGNED', type: 'dedicated', folderId: 'sales', assignedTo: 'cyd', modules: 'CMDB' }),
  aLicense({ serialNumber: 'HELD', type: 'dedicated', heldBackFor: 'r9' }),
  aLicense({ serialNumber: 'SET-ASIDE', type: 'dedicated', folderId: 'zOld', setAsideOn: '2026-02-01' }),
  aLicense({ serialNumber: 'GONE', type: 'dedicated', deletedAt: '2026-02-01T10:00:00.000Z' }),
];

const TERM = { validFrom: '2026-01-15', expiresOn: '2027-01-14' };
const NOTE = { type: 'dedicated', modules: 'CMDB', access: 'write', folderId: 'sales', ...TERM } as const;

const CARDS = [
  aUserCard({ user: 'ada' }),
  aUserCard({ user: 'bob', folderId: 'sales' }),
  aUserCard({ user: 'cyd', assigned: { ASSIGNED: NOTE } }),
];

/** The tenant acme with something for every route, its import, its history, and bob at work on the license USED. */
export async function anApiWorld() {
  const table = streamedTable();
  const used = aLicense({ serialNumber: 'USED', type: 'dedicated', folderId: 'helsinki' });
  const world = await aWorld({
    table,
    licenses: [...LICENSES, used],
    cards: [...CARDS, aUserCard({ user: 'dan', folderId: 'helsinki', level: 'normal' })],
  });
  await world.login('dan');
  const objects = memoryObjects();
  const bytes = await licenseZip({ licenses: [{ serialNumber: 'B1' }] });
  const upload = objects.upload('tenants/acme/uploads/new file.zip', bytes);
  const deps = { ...world.deps, objects, keyedHash, log: () => {} };
  await importUpload(deps, { ...upload, tenant: 'acme' });
  await recordHistory({ ...deps, table }, [...table.records]);
  const api = apiOn({ ...world.deps, objects });

  /** A renewal of which a step failed, or nobody knows of. */
  const setRenewal = (renewalId: string, status: string): Promise<unknown> =>
    table.write([{ update: renewalKey('acme', renewalId), set: [['status', status]], onlyIf: [] }]);
  const lockFor = (renewalId: string): Promise<unknown> =>
    table.write([{ put: { ...renewalLockKey('acme'), renewalId } }]);
  return { ...world, ...api, table, objects, setRenewal, lockFor };
}

export type ApiWorld = Awaited<ReturnType<typeof anApiWorld>>;

/** A table on which others are always faster, but for what the API itself keeps and locks. */
export function contendedTable(table: Table): Table {
  return {
    ...table,
    write: async (writes) => {
      const text = JSON.stringify(writes);
      return text.includes('IDEMPOTENCY#') || isReadLock(writes)
        ? table.write(writes)
        : { done: false, refusals: writes.map(() => ({ because: 'conflict' })) };
    },
  };
}
