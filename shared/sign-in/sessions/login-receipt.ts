import { entryOf } from '../../licensing/entries.ts';
import { type FolderTree, pathOf } from '../../licensing/folder-tree.ts';
import { ALL_MODULES } from '../../licensing/license/license.ts';
import type { LoginRequest } from '../../licensing/login/judge-login.ts';
import type { Receipt } from '../../licensing/login/receipt.ts';
import type { LicenseSnapshot } from '../../licensing/login/user-card.ts';
import type { Decision } from './decide-login.ts';

/** Returns why a login ended as it did (R22), in the form of the API. */
export function receiptOf(decision: Decision, folders: FolderTree, request: LoginRequest, attempts: number): Receipt {
  const { outcome } = decision;
  const granted = grantedLicense(decision);
  const license =
    granted === undefined ? {} : { license: { ...granted.license, folder: pathOf(folders, granted.folderId) ?? '' } };
  const claimed = decision.claimedFolder === undefined ? {} : { claimedFolder: decision.claimedFolder };
  const rest = { ...license, ...claimed, steps: decision.reports, attempts, ...whoAndWhen(request) };
  if ('deny' in outcome) {
    const blockedBy = outcome.blockedBy === undefined ? {} : { blockedBy: outcome.blockedBy };
    return { outcome: 'denied', reason: outcome.deny, ...blockedBy, ...rest };
  }
  if ('use' in outcome) return { outcome: 'assigned', ...rest };
  if ('keep' in outcome) return { outcome: 'continued', ...rest };
  return { outcome: 'allocated', step: outcome.step, ...rest };
}

/** Returns the folder of the granted license, which the receipt names. */
export function receiptFolder(decision: Decision): string | undefined {
  return grantedLicense(decision)?.folderId;
}

function grantedLicense({ outcome, card }: Decision) {
  if ('deny' in outcome) return undefined;
  if ('take' in outcome) return grant(outcome.take.serialNumber, { ...outcome.take, modules: ALL_MODULES });
  if ('use' in outcome) return grant(outcome.use, entryOf(card.assigned, outcome.use));
  return grant(card.current?.serialNumber, card.current);
}

function grant(serialNumber: string | undefined, note: LicenseSnapshot | undefined) {
  if (serialNumber === undefined || note === undefined) return undefined;
  const { type, access, modules, folderId } = note;
  return { license: { serialNumber, type, access, modules }, folderId };
}

export function unknownTenant(request: LoginRequest): Receipt {
  return { outcome: 'denied', reason: 'unknown-tenant', steps: [], attempts: 1, ...whoAndWhen(request) };
}

function whoAndWhen({ user, session, at }: LoginRequest): Pick<Receipt, 'user' | 'session' | 'at'> {
  return { user, session: session ?? null, at };
}
