import { wasSeenAfter } from '../licensing/leaver.ts';
import type { Change } from '../licensing/license.ts';
import { transition } from '../licensing/lifecycle.ts';
import type { Tenant } from '../licensing/tenant.ts';
import { dayIn, type Instant } from '../licensing/time.ts';
import { untilAnswered } from '../runtime/retry.ts';
import { licenseChangeWrites } from '../store/change-licenses.ts';
import { licenseOf } from '../store/items.ts';
import { licenseKey } from '../store/keys.ts';
import { readUserCard } from '../store/read-user-card.ts';
import type { SessionDeps } from './deps.ts';

export type Leaving = { readonly tenant: Tenant; readonly user: string; readonly at: Instant; readonly actor: string };

/**
 * Releases the dedicated licenses of a user who has left, one after the other, each in one transaction (R27): one in use
 * is free once its sessions end. A user who has logged in since keeps them. Safe to run again; throws `TryAgain` when
 * others were faster for two seconds.
 */
export async function releaseOnLeave(deps: Omit<SessionDeps, 'readTenant'>, leaving: Leaving): Promise<void> {
  const { table } = deps;
  const { card } = await readUserCard(table, leaving.tenant.tenant, leaving.user);
  for (const serialNumber of Object.keys(card?.assigned ?? {})) {
    await untilAnswered(deps, () => releaseOne(deps, leaving, serialNumber));
  }
}

/** Undefined when somebody else was faster: to be decided again. */
async function releaseOne(
  { table, clock }: Omit<SessionDeps, 'readTenant'>,
  { tenant: { tenant, settings }, user, at, actor }: Leaving,
  serialNumber: string,
): Promise<'released' | 'nothing to release' | undefined> {
  const [item, { card }] = await Promise.all([
    table.get(licenseKey(tenant, serialNumber)),
    readUserCard(table, tenant, user),
  ]);
  const license = item === undefined ? undefined : licenseOf(item);
  if (license?.assignedTo !== user || card === undefined || wasSeenAfter(card, at)) return 'nothing to release';
  const now = clock.now();
  const change: Change = { actor, cause: 'leave', at: now };
  const changed = transition(license, { event: 'release' }, change);
  if ('refused' in changed) return 'nothing to release';
  const writes = await licenseChangeWrites(
    table,
    [{ before: license, after: changed.license }],
    dayIn(settings.timeZone, now),
  );
  return writes !== undefined && (await table.write(writes)).done ? 'released' : undefined;
}
