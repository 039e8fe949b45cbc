import { readUpload } from '../imports/read-upload.ts';
import type { FileFault } from '../license-file/faults.ts';
import type { OfferedLicense } from '../licensing/renewal/renewal-plan.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { Day } from '../licensing/time.ts';
import type { Clock } from '../platform/clock.ts';
import type { Objects } from '../platform/ports/objects.ts';

export type RenewalFile = {
  readonly issued: Day;
  readonly licenses: readonly OfferedLicense[];
  readonly versionId?: string;
  readonly etag: string;
  /** The folder into which new licenses are imported. */
  readonly folderId: string;
};

/** Reads the upload of a renewal, which is under the tenant's `renewals/`. Returns its faults if it cannot be used. */
export async function readRenewalFile(
  deps: { readonly objects: Objects; readonly clock: Clock },
  tenant: Tenant,
  key: string,
): Promise<RenewalFile | { readonly faults: readonly FileFault[] }> {
  if (!key.startsWith(`tenants/${tenant.tenantId}/renewals/`)) {
    const text = `must be the key of an upload under tenants/${tenant.tenantId}/renewals/`;
    return { faults: [{ code: 'upload-gone', place: 'key', text }] };
  }
  const reading = await readUpload(deps, tenant, key);
  switch (reading.kind) {
    case 'accepted':
      return reading.upload;
    case 'rejected':
      return { faults: reading.upload.faults };
    case 'gone':
      return { faults: [{ code: 'upload-gone', place: 'key', text: 'There is no upload of that key.' }] };
  }
}
