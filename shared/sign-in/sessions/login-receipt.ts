import { defined } from '../../licensing/defined.ts';
import { entryOf } from '../../licensing/entries.ts';
import { type FolderTree, pathOf } from '../../licensing/folder-tree.ts';
import { ALL_MODULES } from '../../licensing/license/license.ts';
import type { LoginRequest } from '../../licensing/login/judge-login.ts';
import type { Receipt } from '../../licensing/login/receipt.ts';
import type { LicenseSnapshot } from '../../licensing/login/user-card.ts';
import type { LoginDecision } from './decide-login.ts';

/** Returns why a login ended as it did (R22), in the form of the API. */
export function receiptOf(
  decision: LoginDecision,
  folders: FolderTree,
  request: LoginRequest,
  attempts: number,
): Receipt {
  const { outcome, claimedFolder, reports: steps } = decision;
  const granted = grantedLicense(decision);
  const license = granted && { ...granted.license, folder: pathOf(folders, granted.folderId) ?? '' };
  const rest = defined({ license, claimedFolder, steps, attempts, ...whoAndWhen(request) });
  switch (outcome.kind) {
    case 'deny':
      return defined({ outcome: 'denied', reason: outcome.reason, blockedBy: outcome.blockedBy, ...rest });
    case 'use':
      return { outcome: 'assigned', ...rest };
    case 'keep':
      return { outcome: 'continued', ...rest };
    case 'take':
      return { outcome: 'allocated', step: outcome.step, ...rest };
  }
}

/** Returns the folder of the granted license, which the receipt names. */
export function receiptFolder(decision: LoginDecision): string | undefined {
  return grantedLicense(decision)?.folderId;
}

function grantedLicense({ outcome, card }: LoginDecision) {
  switch (outcome.kind) {
    case 'deny':
      return undefined;
    case 'use':
      return grant(outcome.serialNumber, entryOf(card.assigned, outcome.serialNumber));
    case 'keep':
      return grant(card.current?.serialNumber, card.current);
    case 'take':
      return grant(outcome.vacancy.serialNumber, { ...outcome.vacancy, modules: ALL_MODULES });
  }
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
