import type { FolderTree } from '../folder-tree.ts';
import type { Change } from '../license/license.ts';
import type { PoolThreshold } from '../license/pool.ts';
import type { Instant } from '../time.ts';
import type { ClaimsCount, Environment, OnLeave } from '../vocabulary.ts';

/** What a tenant's administrator sets, and of it some the operator alone; durations in milliseconds once stored. */
export type TenantSettings = {
  /** Customer texts of license files that the tenant accepts (R10). */
  readonly customers: readonly string[];
  /** IANA name; decides on which calendar day a term begins and ends. */
  readonly timeZone: string;
  /** Steps 3 and 4 of auto-allocation are off on premises (R19). */
  readonly environment: Environment;
  /** Within the bounds of `idle-time.ts`, whatever is stored. */
  readonly idleTimeout: number;
  /** Hour of the day, 0 to 23. */
  readonly cleanupHour: number;
  /** How many days a set-aside license may stay in use before the operator is told (R39). */
  readonly setAsideWarningDays: number;
  /** Whether the hook refuses a login without a license (default: lets it through without a license claim). */
  readonly refuseWithoutLicense: boolean;
  /**
   * Whether a user's claims of folder, access and level count only when the card is made, or at each login; absent: as
   * `moveExisting` says, which older tenants have alone. Read with `claimsCount`.
   */
  readonly claims?: ClaimsCount;
  /** What happens to the dedicated licenses of a user who has left, as the provider says; absent: they are kept. */
  readonly onLeave?: OnLeave;
  /** Claim value → folder path; `moveExisting` is the older name of `claims`, and says the same. */
  readonly folderClaims: { readonly folders: Readonly<Record<string, string>>; readonly moveExisting: boolean };
  /** Public keys for license files by key id; none: unsigned files are accepted. */
  readonly publicKeys: Readonly<Record<string, string>>;
  /** Of which pools the tenant is told that they run low; of every pool that it is exhausted. */
  readonly poolThresholds?: readonly PoolThreshold[];
  /** The providers' own tenants (`cognito:POOL`, `auth0:TENANT`) of whose events the operator says that they are this tenant's. */
  readonly providerScopes?: readonly string[];
};

export function claimsCount({ claims, folderClaims }: TenantSettings): ClaimsCount {
  return claims ?? (folderClaims.moveExisting ? 'each-login' : 'at-creation');
}

export type Tenant = {
  readonly tenant: string;
  readonly settings: TenantSettings;
  readonly folders: FolderTree;
  /** When the idle time was made shorter, until that is applied to the open sessions (R26). */
  readonly idleShortenedAt?: Instant;
  readonly version: number;
  readonly change: Change;
};
