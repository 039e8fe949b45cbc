import type { FolderTree } from '../folder-tree.ts';
import type { Change } from '../license/license.ts';
import type { PoolThreshold } from '../license/pool.ts';
import type { Instant } from '../time.ts';
import type { ClaimsCount, Environment, OnLeave } from '../vocabulary.ts';

/** The settings of a tenant. Some of them only the operator may set. Durations are stored in milliseconds. */
export type TenantSettings = {
  /** Customer names in license files that the tenant accepts (R10). */
  readonly customers: readonly string[];
  /** IANA name of the time zone in which terms begin and end. */
  readonly timeZone: string;
  /** On premises, steps 3 and 4 of auto-allocation are off (R19). */
  readonly environment: Environment;
  /** Always within the bounds of `idle-time.ts`, whatever is stored. */
  readonly idleTimeout: number;
  /** Hour of the day, 0 to 23. */
  readonly cleanupHour: number;
  /** How many days a set-aside license may stay in use before the operator is warned (R39). */
  readonly setAsideWarningDays: number;
  /** Whether the hook refuses a login without a license. By default it lets the user in without a license claim. */
  readonly refuseWithoutLicense: boolean;
  /**
   * Whether a user's claims for folder, access and level count only when the card is created, or at each login. Absent:
   * `folderClaims.moveExisting` decides, since older tenants have no other setting. Read it with `claimsCount`.
   */
  readonly claims?: ClaimsCount;
  /** What happens to the dedicated licenses of a user who has left, as the provider says; absent: they are kept. */
  readonly onLeave?: OnLeave;
  /** Claim value → folder path. `moveExisting` is the older name of `claims` and has the same meaning. */
  readonly folderClaims: { readonly folders: Readonly<Record<string, string>>; readonly moveExisting: boolean };
  /** Public keys for license files, by key id. Without keys, unsigned files are accepted. */
  readonly publicKeys: Readonly<Record<string, string>>;
  /**
   * The pools for which the tenant is notified when they run low. It is notified about every pool that is exhausted.
   */
  readonly poolThresholds?: readonly PoolThreshold[];
  /**
   * The providers' own tenants (`cognito:POOL`, `auth0:TENANT`) whose events belong to this tenant, as the operator
   * confirms.
   */
  readonly providerScopes?: readonly string[];
};

/** Returns when the tenant's claims count. Older settings say it by `folderClaims.moveExisting`. */
export function claimsCount({ claims, folderClaims }: TenantSettings): ClaimsCount {
  return claims ?? (folderClaims.moveExisting ? 'each-login' : 'at-creation');
}

export type Tenant = {
  readonly tenantId: string;
  readonly settings: TenantSettings;
  readonly folders: FolderTree;
  /** When the idle time was made shorter. Removed once the open sessions follow it (R26). */
  readonly idleShortenedAt?: Instant;
  readonly version: number;
  readonly change: Change;
};
