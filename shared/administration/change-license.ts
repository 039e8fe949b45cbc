import { sameValue } from '../licensing/clause.ts';
import { ALL_MODULES, type Change, type License } from '../licensing/license/license.ts';
import { type LifecycleEvent, type LifecycleRefusal, transition } from '../licensing/license/lifecycle.ts';
import { type Day, dayIn } from '../licensing/time.ts';
import { untilAnswered } from '../platform/retry.ts';
import { licenseChangeWrites } from '../store/change-licenses.ts';
import { readLicense } from '../store/read-license.ts';
import type { TenantContext } from './deps.ts';
import { isRefusal, type Refusal, refused } from './refusal.ts';

export type LicenseRequest = {
  readonly serialNumber: string;
  readonly actor: string;
  readonly command: string;
  /** The version that the administrator saw: of two who change one license, the later is told (F50). */
  readonly expectedVersion?: number;
};

/** What is to happen to the license as it was read: an event, a refusal, or nothing as it is so already. */
export type Decision = LifecycleEvent | Refusal | 'nothing';
export type Decide = (license: License, today: Day) => Decision | Promise<Decision>;

/**
 * Changes a license with its vacancy and the cards of its users in one transaction, decided from what is read now, and
 * decided again when somebody else was faster. Answers the license as it is then.
 */
export async function changeLicense(
  deps: TenantContext,
  request: LicenseRequest,
  decide: Decide,
): Promise<License | Refusal> {
  const { table, clock } = deps;
  const { tenantId, settings } = deps.tenant;
  let tried: License | undefined;
  return untilAnswered(deps, async () => {
    const license = await readLicense(table, tenantId, request.serialNumber);
    if (license === undefined) return unknownLicense(request.serialNumber);
    // Our write was made, and only the answer got lost.
    if (tried !== undefined && sameValue(license, tried)) return license;

    const today = dayIn(settings.timeZone, clock.now());
    const changed = await judgeChange(deps, request, license, decide);
    if (isRefusal(changed) || changed === license) return changed;
    tried = changed;
    const writes = await licenseChangeWrites(table, [{ before: license, after: tried }], today);
    // The day on which it is written decides, not that on which it was read: the day may end in between (F29).
    if (dayIn(settings.timeZone, clock.now()) !== today) return undefined;
    const isDone = writes !== undefined && (await table.write(writes)).done;
    return isDone ? tried : undefined;
  });
}

/** Returns the license as a command would leave it, or why it is refused. Writes nothing. */
export async function judgeChange(
  { clock, tenant }: TenantContext,
  { actor, command, expectedVersion }: Omit<LicenseRequest, 'serialNumber'>,
  license: License,
  decide: Decide,
): Promise<License | Refusal> {
  const now = clock.now();
  const decided = await decide(license, dayIn(tenant.settings.timeZone, now));
  if (decided !== 'nothing' && 'error' in decided) return decided;
  if (expectedVersion !== undefined && expectedVersion !== license.version) return stale(license);
  if (decided === 'nothing') return license;
  const change: Change = { actor, cause: command, at: now };
  const changed = transition(license, decided, change);
  return 'refused' in changed ? refusalOf(license, changed.refused, decided) : changed.license;
}

/** Nothing happens to a deleted license, whatever version the administrator saw. */
export function unlessDeleted(decide: Decide): Decide {
  return (license, today) => (license.deletedAt === undefined ? decide(license, today) : deleted(license));
}

export function unknownLicense(serialNumber: string): Refusal {
  return refused('unknown-license', `There is no license with the serial number "${serialNumber}".`);
}

export function deleted({ serialNumber, deletedAt }: License): Refusal {
  const message = `License ${serialNumber} was deleted at ${deletedAt}. Bring it back with restore-license.`;
  return refused('deleted', message, { deletedAt });
}

export function notDedicated({ serialNumber }: License): Refusal {
  return refused(
    'not-dedicated',
    `License ${serialNumber} is floating: only dedicated licenses are assigned to a user.`,
  );
}

function stale({ serialNumber, version }: License): Refusal {
  const message = `License ${serialNumber} was changed since you read it. Look at it again, then decide.`;
  return refused('stale-version', message, { version });
}

/** Why the rules refuse it, in the contract's codes and the administrator's words. */
function refusalOf(license: License, because: LifecycleRefusal, event: LifecycleEvent): Refusal {
  const { serialNumber, assignedTo, currentUser, since, expiresOn, modules } = license;
  const named = `License ${serialNumber}`;
  switch (because) {
    case 'in-use': {
      const message = `${named} is in use by ${currentUser} since ${since}. Wait until their sessions end, or disconnect them.`;
      return refused('in-use', message, { currentUser, since });
    }
    case 'assigned':
      return refused('assigned', `${named} is assigned to ${assignedTo}. Release it first.`, { assignedTo });
    case 'not-dedicated':
      return notDedicated(license);
    case 'held-back':
      return refused('held-back', `${named} is held back for a renewal and not yet available to anyone.`);
    case 'set-aside':
      return refused('set-aside', `${named} is in zOld, waiting for deletion. Move it to another folder first.`);
    case 'expired': {
      const user = 'user' in event ? event.user : undefined;
      const harm = modules === ALL_MODULES ? ` Assigned, it would keep ${user} from every other license.` : '';
      return refused('expired', `${named} ended on ${expiresOn}.${harm}`, { expiresOn });
    }
    case 'deleted':
      return deleted(license);
    case 'not-free':
    case 'not-floating':
    case 'not-assigned':
    case 'not-in-use':
    case 'not-held-back':
    case 'not-set-aside':
    case 'not-deleted':
      throw new Error(`no administrator's command is refused with ${because}`);
  }
}
