import type { Objects } from '../../shared/imports/objects.ts';
import { readUpload } from '../../shared/imports/read-upload.ts';
import type { Tenant } from '../../shared/licensing/tenant.ts';
import type { PlanDeps } from './plan-renewal.ts';

const FAULTS_TOLD = 5;

/** Reads the upload of a renewal, which lies under the tenant's `renewals/`. */
export function renewalFileReader(objects: Objects): PlanDeps['readFile'] {
  return async (tenant: Tenant, key: string) => {
    if (!key.startsWith(`tenants/${tenant.tenant}/renewals/`)) {
      return { refused: `"${key}" is not an upload under tenants/${tenant.tenant}/renewals/` };
    }
    const reading = await readUpload({ objects }, tenant, key);
    if ('gone' in reading) return { refused: `there is no upload ${key}` };
    if ('accepted' in reading) return reading.accepted;
    const { faults } = reading.rejected;
    const texts = faults.slice(0, FAULTS_TOLD).map(({ place, text }) => `${place}: ${text}`);
    return { refused: `${key} was rejected: ${texts.join(' ')} (${faults.length} faults in all)` };
  };
}
