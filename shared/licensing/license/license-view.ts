import { defined } from '../defined.ts';
import { type FolderTree, pathOf } from '../folder-tree.ts';
import type { Term } from '../term.ts';
import type { Day, Instant } from '../time.ts';
import type { LicenseState } from '../vocabulary.ts';
import { type License, type LicenseClass, licenseState } from './license.ts';

/** A license as the API shows it. */
export type LicenseView = LicenseClass &
  Term & {
    readonly serialNumber: string;
    /** Path of its folder; the root's is `""`. */
    readonly folder: string;
    readonly assignedTo?: string;
    readonly currentUser?: string;
    readonly since?: Instant;
    readonly state: LicenseState;
    readonly deletedAt?: Instant;
    readonly version: number;
  };

/** Returns the license as it looks on the tenant's day `today`. Absent values are left out. */
export function licenseView(license: License, folders: FolderTree, today: Day): LicenseView {
  const { serialNumber, type, access, modules, validFrom, expiresOn, folderId, version } = license;
  const { assignedTo, currentUser, since, deletedAt } = license;
  return defined({
    serialNumber,
    type,
    access,
    modules,
    validFrom,
    expiresOn,
    folder: pathOf(folders, folderId) ?? folderId,
    assignedTo,
    currentUser,
    since,
    state: licenseState(license, today),
    deletedAt,
    version,
  });
}
