import { describe, expect, it } from 'vitest';
import { importUpload } from '../../shared/imports/import-upload.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import { licenseZip } from '../fakes/license-file.ts';
import { memoryObjects } from '../fakes/memory-objects.ts';
import { aPool } from '../fakes/storms.ts';
import { aWorld, keyedHash } from '../fakes/world.ts';
import { limitedTable } from './limited-table.ts';
import { virtualTime } from './virtual-time.ts';

const LICENSES = 10_000;
const UNITS_PER_SECOND = 1_000;
const AT_ONCE = 250;
const EVERY = 3_000;

/** Every three seconds 250 users log in at once; their cards, their licenses and the file's are all in the root. */
async function importInAStorm(storms: number, pace: { readonly licensesPerSecond?: number } = {}) {
  const time = virtualTime();
  const table = limitedTable(time, UNITS_PER_SECOND);
  const world = await aWorld({ table, licenses: aPool(300, {}, 'OLD') });
  await time.sleep(1_000);
  const objects = memoryObjects();
  const licenses = Array.from({ length: LICENSES }, (_, index) => ({ serialNumber: `NEW-${index}` }));
  const uploaded = objects.upload('tenants/acme/uploads/licenses.zip', await licenseZip({ licenses }));
  const { clock } = time;
  const deps = {
    ...world.deps,
    table,
    objects,
    clock,
    random: seededRandom(2),
    log: () => undefined,
    keyedHash,
    ...pace,
  };
  const { login } = world.elsewhere({ clock });

  const importing = importUpload(deps, { tenant: 'acme', ...uploaded });
  const logins = Array.from({ length: storms * AT_ONCE }, async (_, index) => {
    await time.sleep(Math.floor(index / AT_ONCE) * EVERY + 500);
    return login(`user-${index}`).then(
      ({ outcome }): string => outcome,
      (error: unknown) => `${error}`,
    );
  });
  const outcomes = await Promise.all(logins);
  return { table, report: await importing, outcomes };
}

describe('import of 10,000 licenses in a storm of logins, where a partition takes 1,000 write units a second', () => {
  it('finishes, and no login fails', async () => {
    const { table, report, outcomes } = await importInAStorm(7);

    expect(report.counts).toMatchObject({ added: LICENSES });
    expect(outcomes).toEqual(outcomes.map(() => 'allocated'));
    expect(table.most()).toBeLessThanOrEqual(UNITS_PER_SECOND);
    expectInvariants(table.items());
  }, 180_000);

  it('makes many logins fail if it does not limit its rate, so the limit is needed', async () => {
    const { table, report, outcomes } = await importInAStorm(4, { licensesPerSecond: Number.POSITIVE_INFINITY });

    expect(report.counts).toMatchObject({ added: LICENSES });
    expect(outcomes.filter((outcome) => outcome !== 'allocated').length).toBeGreaterThan(20);
    expect(table.refusals()).toBeGreaterThan(1_000);
  }, 180_000);
});
