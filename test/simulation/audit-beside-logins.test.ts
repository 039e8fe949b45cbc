import { describe, expect, it } from 'vitest';
import { auditTenant } from '../../shared/audit/audit-tenant.ts';
import type { License } from '../../shared/licensing/license/license.ts';
import { licenseItem } from '../../shared/store/items.ts';
import { vacancyKey } from '../../shared/store/keys.ts';
import { atOnce } from '../fakes/interleaving.ts';
import { overSubscribed, users } from '../fakes/storms.ts';
import { aLicense } from '../fakes/world.ts';
import { aStormWorld } from './scenarios.ts';
import { seeds } from './seeds.ts';

const { licenses, cards } = overSubscribed();

/** Three audits with repairs, one after another, while 500 users log in, out and in again. */
async function auditedStorm(seed: number, broken: readonly License[] = []) {
  const stage = await aStormWorld({ licenses, cards }, { seed });
  const { time, random, table, process } = stage;
  for (const license of broken) await stage.fill([licenseItem(license)]);
  const tenant = (await process.readTenant('acme'))!;
  const audits: Awaited<ReturnType<typeof auditTenant>>[] = [];
  let isOver = false;
  const auditing = async (): Promise<void> => {
    while (!isOver || audits.length < 3) {
      audits.push(await auditTenant({ table, clock: time.clock }, tenant, { repairAs: 'auditor' }));
    }
  };
  const logins = async (): Promise<void> => {
    await atOnce(users(500), 64, async (user) => {
      await time.sleep(random(30));
      await stage.login(user);
      if (random(2) === 0) await stage.logout(user, 's1').catch(() => undefined);
    });
    isOver = true;
  };
  await Promise.all([logins(), auditing()]);
  const last = await auditTenant({ table, clock: time.clock }, tenant);
  const items = await stage.stored();
  const repaired = items.filter(({ change }) => (change as License['change'] | undefined)?.actor === 'auditor');
  return { ...(await stage.figures()), audits, last, repaired, items };
}

describe.each(seeds(1))('an audit that repairs, beside logins, SEED=%i', (seed) => {
  it('repairs nothing that only looks wrong because of concurrent logins', async () => {
    const { audits, repaired, last, violations, failed } = await auditedStorm(seed);

    expect(audits.flatMap((audit) => audit.violations)).toEqual([]);
    expect(repaired).toEqual([]);
    expect(last).toMatchObject({ licenses: 300, userCards: 500, violations: [] });
    expect([violations, failed]).toEqual([[], 0]);
  });

  it('repairs what is certain, reports the rest each time, and cuts nobody off', async () => {
    const lost = aLicense({ serialNumber: 'LOST', folderId: 'finance' });
    const held = aLicense({ serialNumber: 'HELD', folderId: 'finance', currentUser: 'nobody', since: lost.change.at });

    const { audits, last, failed, items } = await auditedStorm(seed, [lost, held]);

    const found = audits.flatMap((audit) => audit.violations);
    const ofHeld = { fault: 'used-without-card', serialNumber: 'HELD', user: 'nobody' };
    const [repaired, reported] = [found.filter((one) => one.repaired), found.filter((one) => !one.repaired)];
    expect(repaired).toMatchObject([{ fault: 'no-vacancy', serialNumber: 'LOST' }]);
    expect(reported).toMatchObject(audits.map(() => ofHeld));
    expect(last.violations).toMatchObject([ofHeld]);
    expect(failed).toBe(0);
    const now = (serialNumber: string) =>
      items.find((item) => item.sk === 'LICENSE' && item['serialNumber'] === serialNumber);
    const { pk, sk } = vacancyKey(lost);
    const isVacant = items.some((item) => item.pk === pk && item.sk === sk);
    expect(now('LOST')?.['currentUser'] !== undefined || isVacant).toBe(true);
    expect(now('HELD')).toMatchObject(licenseItem(held));
  });
});
