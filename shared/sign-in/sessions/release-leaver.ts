import { transition } from '../../licensing/license/lifecycle.ts';
import { syncCardWithLicense } from '../../licensing/login/card-notes.ts';
import type { TenantSettings } from '../../licensing/tenant/tenant.ts';
import { dayIn } from '../../licensing/time.ts';
import { untilAnswered } from '../../platform/retry.ts';
import { readLicense } from '../../store/read-license.ts';
import { readUserCard } from '../../store/read-user-card.ts';
import { licenseWrites } from '../../store/write-license.ts';
import { userCardWrite } from '../../store/write-user-card.ts';
import type { SessionDeps } from './deps.ts';

type ReleaseDeps = Omit<SessionDeps, 'readTenant'>;
type WhoLeft = { readonly tenant: string; readonly user: string; readonly actor: string };

/** Sessions and their idle deadline do not change. */
const NO_SESSION_CHANGES = 0;

/**
 * Releases the licenses of a user whose card says that they have left (R27). Each license is released in one
 * transaction with the card that says so, so the rest stays with a user who logs in again. An interrupted release
 * continues when it is called again. Throws `TryAgain` when concurrent writes win for two seconds.
 */
export async function releaseLeaver(deps: ReleaseDeps, settings: TenantSettings, who: WhoLeft): Promise<void> {
  const { marks } = await readUserCard(deps.table, who.tenant, who.user);
  if (marks?.linkedTo !== undefined) return releaseLeaver(deps, settings, { ...who, user: marks.linkedTo });
  const notTheirs = new Set<string>();
  let next: Released;
  do next = await untilAnswered(deps, () => releaseNext(deps, settings, who, notTheirs));
  while (next.kind === 'one-more');
}

type Released = { readonly kind: 'one-more' | 'none-left' };

async function releaseNext(
  { table, clock }: ReleaseDeps,
  { timeZone }: TenantSettings,
  { tenant, user, actor }: WhoLeft,
  notTheirs: Set<string>,
): Promise<Released | undefined> {
  const { card } = await readUserCard(table, tenant, user);
  if (card?.leaver?.note !== 'left') return { kind: 'none-left' };
  const serialNumber = Object.keys(card.assigned).find((serial) => !notTheirs.has(serial));
  if (serialNumber === undefined) return { kind: 'none-left' };
  const license = await readLicense(table, tenant, serialNumber);
  const now = clock.now();
  const change = { actor, cause: 'left', at: now };
  const released = license && transition(license, { event: 'release' }, change);
  if (license?.assignedTo !== user || released === undefined || 'refused' in released) {
    notTheirs.add(serialNumber);
    return { kind: 'one-more' };
  }
  const after = syncCardWithLicense({ ...card, change }, released.license);
  const answer = await table.write([
    ...licenseWrites(license, released.license, dayIn(timeZone, now)),
    userCardWrite(card, after, NO_SESSION_CHANGES, []),
  ]);
  return answer.done ? { kind: 'one-more' } : undefined;
}
