import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { earlier } from '../../shared/licensing/time.ts';
import { connect, type LocalClient } from './client.ts';
import type { Endpoints } from './endpoints.ts';
import { licensesAlike, licenseZip, type SampleFile } from './sample-files.ts';
import { TENANT } from './sample-people.ts';

const FOLDERS = ['Finance', 'Finance/Helsinki', 'Sales'] as const;

const USERS = {
  Finance: ['ada', 'bob', 'cyd'],
  'Finance/Helsinki': ['dan', 'eve', 'fay', 'gus'],
  Sales: ['hal', 'ida', 'joe', 'kim', 'lea'],
} as const satisfies Record<(typeof FOLDERS)[number], readonly string[]>;

/** The license files of this year and of the next one, as the vendor would send them. */
export function sampleFiles(year: number): { readonly licenses: SampleFile; readonly renewal: SampleFile } {
  return { licenses: sampleFile(year, 1000), renewal: sampleFile(year + 1, 2000) };
}

/** Returns licenses that are valid for the calendar year, with serial numbers counted from `first`. */
function sampleFile(year: number, first: number): SampleFile {
  const term = { validFrom: `${year - 1}-12-15`, expiryDate: `${year}-12-31` };
  return {
    customer: TENANT,
    issued: `${year - 1}-12-10`,
    licenses: [
      ...licensesAlike(6, `F${first + 1}`, { type: 'Floating', ...term }),
      ...licensesAlike(2, `R${first + 1}`, { type: 'Floating', access: 'read', ...term }),
      ...licensesAlike(4, `D${first + 1}`, { type: 'Dedicated', ...term }),
      ...licensesAlike(1, `M${first + 1}`, { type: 'Dedicated', modules: 'CMDB', ...term }),
    ],
  };
}

/** Creates one tenant with three folders and a dozen users. May run again. */
export async function makeTenant({ invoke }: LocalClient): Promise<void> {
  const administer = async (command: string, members: Record<string, unknown>): Promise<void> => {
    const answer = await invoke('administer', { tenant: TENANT, actor: 'seed', command, ...members });
    if ('error' in answer) throw new Error(`${command}: ${JSON.stringify(answer['error'])}`);
  };
  await administer('create-tenant', { settings: { customers: [TENANT], timeZone: 'Europe/Helsinki' } });
  for (const folder of FOLDERS) {
    await administer('create-folder', { folder });
    for (const user of USERS[folder]) await administer('put-user-card', { user, card: { folder } });
  }
}

/**
 * Fills a new state, so that a newcomer sees something at once: the tenant, and a zip of licenses that its
 * administrator uploaded. Leaves two sample files in the state folder for further tries. May run again after a start
 * that was interrupted.
 */
export function seedInto(dir: string): (endpoints: Endpoints) => Promise<readonly string[]> {
  return async (endpoints) => {
    const client = connect(endpoints);
    await makeTenant(client);
    const today = (await client.now()).slice(0, 10);
    const year = Number(today.slice(0, 4));
    const { licenses, renewal: nextYears } = sampleFiles(year);
    // A file that was issued in the future is rejected.
    const renewal = { ...nextYears, issued: earlier(nextYears.issued, today) };
    const files = {
      [`licenses-${year}.zip`]: await licenseZip(licenses),
      [`licenses-${year + 1}.zip`]: await licenseZip(renewal),
    };
    const samples = join(dir, 'samples');
    mkdirSync(samples, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(samples, name), bytes);
    const key = `tenants/${TENANT}/uploads/licenses-${year}.zip`;
    await client.upload(key, await licenseZip(licenses));
    await client.reportOf(key);
    client.close();
    return [TENANT];
  };
}
