import type { LicenseClass } from '../license/license.ts';
import type { Day, Instant } from '../time.ts';
import type { DenialReason, LoginOutcome } from '../vocabulary.ts';
import type { StepName } from './allocation-steps.ts';

/** What one step of auto-allocation saw, and why it did or did not grant. */
export type StepReport = {
  readonly step: StepName;
  /** Free candidates seen, at most 24. */
  readonly seen: number;
  /** Whether there may be more than were seen. */
  readonly more: boolean;
  readonly taken: boolean;
  readonly why?: string;
};

/** The license of a receipt, with its folder's path. */
type ReceiptLicense = LicenseClass & { readonly serialNumber: string; readonly folder: string };

/** The expired license that keeps its user from auto-allocation, and its last day (R14). */
export type BlockedBy = { readonly serialNumber: string; readonly expiresOn: Day };

/** Why a login ended as it did (R22). */
export type Receipt = {
  readonly outcome: LoginOutcome;
  /** Only in a denial. */
  readonly reason?: DenialReason;
  /** Only in a denial because of an expired license. */
  readonly blockedBy?: BlockedBy;
  readonly license?: ReceiptLicense;
  /** The value of the user's folder claim, if it leads to no folder or to zOld. */
  readonly claimedFolder?: string;
  /** Only in an allocation. */
  readonly step?: StepName;
  readonly steps: readonly StepReport[];
  readonly attempts: number;
  readonly user: string;
  readonly session: string | null;
  readonly at: Instant;
};
