import { folderAt, presentFolder } from '../licensing/folder-tree.ts';
import { type License, type LicenseClass, sameClass } from '../licensing/license/license.ts';
import { type LicenseView, licenseView } from '../licensing/license/license-view.ts';
import type { LifecycleEvent } from '../licensing/license/lifecycle.ts';
import { MOST_ASSIGNED } from '../licensing/limits.ts';
import type { UserCard } from '../licensing/login/user-card.ts';
import { termPhase } from '../licensing/term.ts';
import { type Day, dayIn } from '../licensing/time.ts';
import { invalidRequest } from '../platform/validation.ts';
import { readLicense } from '../store/read-license.ts';
import { readUserCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import {
  changeLicense,
  type Decide,
  deleted,
  type LicenseDecision,
  type LicenseRequest,
  notDedicated,
  unknownLicense,
  unlessDeleted,
} from './change-license.ts';
import type { TenantContext } from './deps.ts';
import { mapInGroups } from './map-in-groups.ts';
import { isRefusal, type Refusal, refused, unknownFolder, unknownUser } from './refusal.ts';
import { refusalOfError } from './refusal-of-error.ts';

/**
 * Returns the license as it is now. A deleted license is refused with `deleted` and the time. `restore-license`
 * restores it.
 */
export async function getLicense(deps: TenantContext, { serialNumber }: RequestOf<'get-license'>) {
  const license = await readLicense(deps.table, deps.tenant.tenantId, serialNumber);
  if (license === undefined) return unknownLicense(serialNumber);
  return license.deletedAt === undefined ? viewLicense(deps, license) : deleted(license);
}

/**
 * Assigns a dedicated license to a user (R27–R29). The license may be free, assigned to somebody else who is not using
 * it, or releasing and still in use by this very user. No session ends, and a session on another license continues. A
 * license whose term starts later has no effect until then. An expired license is refused.
 */
export async function assignLicense(deps: TenantContext, request: RequestOf<'assign-license'>) {
  const { user } = request;
  const readCard = async () => (await readUserCard(deps.table, deps.tenant.tenantId, user)).card;
  return viewUnlessRefused(deps, await changeLicense(deps, request, assignTo(user, readCard)));
}

/**
 * Returns the decision about an assignment. The user's card is read when it is needed. Without `several`, a user gets
 * no second valid license of a class.
 */
export function assignTo(user: string, readCard: () => Promise<UserCard | undefined>, several = true): Decide {
  return unlessDeleted(async (license, today) => {
    if (license.type !== 'dedicated') return refuse(notDedicated(license));
    const card = await readCard();
    if (card === undefined) return refuse(unknownUser(user));
    if (license.assignedTo === user) return { kind: 'keep' };
    const has = several ? undefined : assignedOfClass(card, license, today);
    if (has !== undefined) return refuse(hasLicense(card, has));
    if (hasMost(card)) return refuse(tooManyAssigned());
    return { kind: 'apply', event: { event: 'assign', user, today }, card };
  });
}

/** Returns the serial number of an assigned license of the class that has not expired. */
function assignedOfClass({ assigned }: UserCard, wanted: LicenseClass, today: Day): string | undefined {
  const found = Object.entries(assigned).find(
    ([, note]) => sameClass(note, wanted) && termPhase(note, today) !== 'expired',
  );
  return found?.[0];
}

function hasLicense({ user }: UserCard, serialNumber: string): Refusal {
  const message = `${user} has license ${serialNumber} of the same class, which is enough. To assign another one, set \`several\`.`;
  return refused('has-license', message, { serialNumber });
}

function hasMost({ assigned }: UserCard): boolean {
  return Object.keys(assigned).length >= MOST_ASSIGNED;
}

function tooManyAssigned(): Refusal {
  return invalidRequest([
    { place: 'user', text: `can have at most ${MOST_ASSIGNED} licenses assigned by hand: release some of them first` },
  ]);
}

/** Releases a license from its user at once (R27). A session on it continues until it ends. */
export async function releaseLicense(deps: TenantContext, request: RequestOf<'release-license'>) {
  return viewUnlessRefused(deps, await changeLicense(deps, request, release));
}

export const release = unlessDeleted((license) =>
  license.assignedTo === undefined ? { kind: 'keep' } : apply({ event: 'release' }),
);

/** Moves each of some licenses, in any state (R30). A license that is in the folder already counts as moved. */
export async function moveLicenses(deps: TenantContext, request: RequestOf<'move-licenses'>) {
  const folderId = folderAt(deps.tenant.folders, request.folder);
  if (folderId === undefined) return unknownFolder(request.folder);
  const serials = [...new Set(request.serialNumbers)];
  return { results: await mapInGroups(serials, (serial) => moved(deps, request, serial, folderId)) };
}

async function moved(
  deps: TenantContext,
  { actor, command }: RequestOf<'move-licenses'>,
  serialNumber: string,
  folderId: string,
) {
  try {
    const changed = await changeLicense(deps, { serialNumber, actor, command }, intoFolder(folderId));
    return isRefusal(changed) ? { serialNumber, moved: false, error: changed.error } : { serialNumber, moved: true };
  } catch (error) {
    // The other licenses are moved anyway. The caller learns which license to try again.
    return { serialNumber, moved: false, error: refusalOfError(command, error).error };
  }
}

/** Moves one license, in any state (R30). */
export async function moveLicense(deps: TenantContext, request: LicenseRequest & { readonly folder: string }) {
  const folderId = folderAt(deps.tenant.folders, request.folder);
  if (folderId === undefined) return unknownFolder(request.folder);
  return viewUnlessRefused(deps, await changeLicense(deps, request, intoFolder(folderId)));
}

export function intoFolder(folderId: string): Decide {
  return unlessDeleted((license, today) =>
    license.folderId === folderId ? { kind: 'keep' } : apply({ event: 'move', folderId, today }),
  );
}

/** Deletes a license that nobody has (R31). An expired license that is not in use is released in the same step. */
export async function deleteLicense(deps: TenantContext, request: RequestOf<'delete-license'>) {
  const changed = await changeLicense(deps, request, toDelete(deps));
  return isRefusal(changed) ? changed : ({ deleted: true } as const);
}

export function toDelete({ clock }: Pick<TenantContext, 'clock'>): Decide {
  return unlessDeleted((_license, today) => apply({ event: 'delete', today, at: clock.now() }));
}

/** Restores a deleted license as free in its folder, or in the root if it was in zOld (R31). */
export async function restoreLicense(deps: TenantContext, request: RequestOf<'restore-license'>) {
  return viewUnlessRefused(deps, await changeLicense(deps, request, toRestore(deps)));
}

/** Restores into the folder that replaces the license's folder, if it was merged or deleted since. */
export function toRestore({ tenant }: Pick<TenantContext, 'tenant'>): Decide {
  return ({ deletedAt, folderId }) =>
    deletedAt === undefined
      ? { kind: 'keep' }
      : apply({ event: 'restore', folderId: presentFolder(tenant.folders, folderId) });
}

function apply(event: LifecycleEvent): LicenseDecision {
  return { kind: 'apply', event };
}

function refuse(refusal: Refusal): LicenseDecision {
  return { kind: 'refuse', refusal };
}

function viewUnlessRefused(deps: TenantContext, changed: License | Refusal): LicenseView | Refusal {
  return isRefusal(changed) ? changed : viewLicense(deps, changed);
}

function viewLicense({ clock, tenant }: TenantContext, license: License): LicenseView {
  return licenseView(license, tenant.folders, dayIn(tenant.settings.timeZone, clock.now()));
}
