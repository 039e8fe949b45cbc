import { ALL_MODULES, type Change, type License } from '../licensing/license/license.ts';
import { type LifecycleEvent, type LifecycleRefusal, transition } from '../licensing/license/lifecycle.ts';
import type { UserCard } from '../licensing/login/user-card.ts';
import { type Day, dayIn } from '../licensing/time.ts';
import { licenseChangeWrites } from '../store/change-licenses.ts';
import { unchanged, updateOptimistically } from '../store/optimistic-update.ts';
import { readLicense } from '../store/read-license.ts';
import type { TenantContext } from './deps.ts';
import { isRefusal, type Refusal, refused } from './refusal.ts';

export type LicenseRequest = {
  readonly serialNumber: string;
  readonly actor: string;
  readonly command: string;
  /** The version that the administrator saw. The change is refused if the license has another one by now (F50). */
  readonly expectedVersion?: number;
};

/**
 * What a command does with a license as it was read. `keep` means that the license already is as it should be. `card`
 * is the user card on which the decision relies.
 */
export type LicenseDecision =
  | { readonly kind: 'apply'; readonly event: LifecycleEvent; readonly card?: UserCard }
  | { readonly kind: 'keep' }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

export type Decide = (license: License, today: Day) => LicenseDecision | Promise<LicenseDecision>;

/**
 * Changes a license with its vacancy and the cards of its users in one transaction. The change is decided from what is
 * read now, and decided again after a concurrent change. Returns the license as it is then.
 */
export async function changeLicense(
  deps: TenantContext,
  request: LicenseRequest,
  decide: Decide,
): Promise<License | Refusal> {
  const { table, clock } = deps;
  const { tenantId, settings } = deps.tenant;
  const read = () => readLicense(table, tenantId, request.serialNumber);
  return updateOptimistically(deps, read, async (license) => {
    if (license === undefined) return unchanged(unknownLicense(request.serialNumber));
    const today = dayIn(settings.timeZone, clock.now());
    const decision = await decide(license, today);
    const after = judged(deps, request, license, decision);
    if (isRefusal(after) || after === license) return unchanged(after);
    const decidedOn = decision.kind === 'apply' && decision.card !== undefined ? [decision.card] : [];
    const writes = await licenseChangeWrites(table, [{ before: license, after }], today, decidedOn);
    // The day of the write decides, not the day of the read. Midnight may come in between (F29).
    if (writes === undefined || dayIn(settings.timeZone, clock.now()) !== today) return { kind: 'retry' };
    return { kind: 'write', writes, after };
  });
}

/** Returns the license as a command would leave it, or the refusal. Writes nothing. */
export async function judgeChange(
  deps: TenantContext,
  request: Omit<LicenseRequest, 'serialNumber'>,
  license: License,
  decide: Decide,
): Promise<License | Refusal> {
  const today = dayIn(deps.tenant.settings.timeZone, deps.clock.now());
  return judged(deps, request, license, await decide(license, today));
}

function judged(
  { clock }: TenantContext,
  { actor, command, expectedVersion }: Omit<LicenseRequest, 'serialNumber'>,
  license: License,
  decision: LicenseDecision,
): License | Refusal {
  if (decision.kind === 'refuse') return decision.refusal;
  if (expectedVersion !== undefined && expectedVersion !== license.version) return staleLicense(license);
  if (decision.kind === 'keep') return license;
  const change: Change = { actor, cause: command, at: clock.now() };
  const changed = transition(license, decision.event, change);
  return 'refused' in changed ? refusalOf(license, changed.refused, decision.event) : changed.license;
}

/** Refuses every change of a deleted license, whatever version the administrator saw. */
export function unlessDeleted(decide: Decide): Decide {
  return (license, today) =>
    license.deletedAt === undefined ? decide(license, today) : { kind: 'refuse', refusal: deleted(license) };
}

export function unknownLicense(serialNumber: string): Refusal {
  return refused('unknown-license', `There is no license with the serial number "${serialNumber}".`);
}

export function deleted({ serialNumber, deletedAt }: License): Refusal {
  const message = `License ${serialNumber} was deleted at ${deletedAt}. Restore it with restore-license.`;
  return refused('deleted', message, { deletedAt });
}

export function notDedicated({ serialNumber }: License): Refusal {
  return refused(
    'not-dedicated',
    `License ${serialNumber} is floating: only dedicated licenses are assigned to a user.`,
  );
}

function staleLicense({ serialNumber, version }: License): Refusal {
  const message = `License ${serialNumber} was changed since you read it. Read it again before you change it.`;
  return refused('stale-version', message, { version });
}

/** Converts a refusal by the rules to the API's code and a message for the administrator. */
function refusalOf(license: License, reason: LifecycleRefusal, event: LifecycleEvent): Refusal {
  const { serialNumber, assignedTo, currentUser, since, expiresOn, modules } = license;
  const named = `License ${serialNumber}`;
  switch (reason) {
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
      return refused('set-aside', `${named} is in zOld and waits for its deletion. Move it to another folder first.`);
    case 'expired': {
      const user = 'user' in event ? event.user : undefined;
      const harm = modules === ALL_MODULES ? ` If it were assigned, ${user} could not get any other license.` : '';
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
      throw new Error(`no administrator's command is refused with ${reason}`);
  }
}
