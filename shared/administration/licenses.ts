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
 * The license as it is now. A deleted one is no license any more: the answer is `deleted` with the time, and
 * `restore-license` brings it back.
 */
export async function getLicense(deps: TenantContext, { serialNumber }: RequestOf<'get-license'>) {
  const license = await readLicense(deps.table, deps.tenant.tenantId, serialNumber);
  if (license === undefined) return unknownLicense(serialNumber);
  return license.deletedAt === undefined ? viewLicense(deps, license) : deleted(license);
}

/**
 * Makes a dedicated license a user's (R27–R29): a free one, one of somebody else who does not work on it, or one that
 * is releasing and still in use by that very user. No session ends by it; one that runs on another license goes on. One
 * whose term starts later changes nothing until then; an expired one is refused.
 */
export async function assignLicense(deps: TenantContext, request: RequestOf<'assign-license'>) {
  const { user } = request;
  const readCard = async () => (await readUserCard(deps.table, deps.tenant.tenantId, user)).card;
  return viewUnlessRefused(deps, await changeLicense(deps, request, assignTo(user, readCard)));
}

/**
 * Decides the assignment to a user whose card is read when it is needed. Without `several`, a user gets no second valid
 * license of a class.
 */
export function assignTo(user: string, readCard: () => Promise<UserCard | undefined>, several = true): Decide {
  return unlessDeleted(async (license, today) => {
    if (license.type !== 'dedicated') return refuse(notDedicated(license));
    const card = await readCard();
    if (card === undefined) return refuse(unknownUser(user));
    if (license.assignedTo === user) return { kind: 'keep' };
    const has = several ? undefined : assignedOfClass(card, license, today);
    if (has !== undefined) return refuse(hasLicense(card, has));
    return hasMost(card) ? refuse(tooManyAssigned()) : apply({ event: 'assign', user, today });
  });
}

/** Returns the serial number of a license of the class that the user has, and whose term is not over. */
export function assignedOfClass({ assigned }: UserCard, wanted: LicenseClass, today: Day): string | undefined {
  const found = Object.entries(assigned).find(
    ([, note]) => sameClass(note, wanted) && termPhase(note, today) !== 'expired',
  );
  return found?.[0];
}

function hasLicense({ user }: UserCard, serialNumber: string): Refusal {
  const message = `${user} has license ${serialNumber} of the same class, and one is enough. To assign more, say \`several\`.`;
  return refused('has-license', message, { serialNumber });
}

function hasMost({ assigned }: UserCard): boolean {
  return Object.keys(assigned).length >= MOST_ASSIGNED;
}

function tooManyAssigned(): Refusal {
  return invalidRequest([
    { place: 'user', text: `has at most ${MOST_ASSIGNED} licenses assigned: release some of the user's first` },
  ]);
}

/** Takes a license from its user (R27): at once, but a session on it goes on until it ends. */
export async function releaseLicense(deps: TenantContext, request: RequestOf<'release-license'>) {
  return viewUnlessRefused(deps, await changeLicense(deps, request, release));
}

export const release = unlessDeleted((license) =>
  license.assignedTo === undefined ? { kind: 'keep' } : apply({ event: 'release' }),
);

/** Moves each license by itself, whatever its state (R30); one that is there already counts as moved. */
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
    // The others are moved all the same, and the caller learns which one to try again.
    return { serialNumber, moved: false, error: refusalOfError(command, error).error };
  }
}

/** Moves one license, whatever its state (R30), and answers it as it then is. */
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

/** Deletes a license that nobody has (R31); an expired one that is not in use is released in the same step. */
export async function deleteLicense(deps: TenantContext, request: RequestOf<'delete-license'>) {
  const changed = await changeLicense(deps, request, toDelete(deps));
  return isRefusal(changed) ? changed : ({ deleted: true } as const);
}

export function toDelete({ clock }: Pick<TenantContext, 'clock'>): Decide {
  return unlessDeleted((_license, today) => apply({ event: 'delete', today, at: clock.now() }));
}

/** Brings a deleted license back, free, to its folder, or to the root when that was zOld (R31). */
export async function restoreLicense(deps: TenantContext, request: RequestOf<'restore-license'>) {
  return viewUnlessRefused(deps, await changeLicense(deps, request, toRestore(deps)));
}

/** A folder that was merged or deleted since has another one in its place. */
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
