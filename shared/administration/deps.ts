import type { Objects } from '../imports/objects.ts';
import type { SignUploadForm } from '../imports/upload-form.ts';
import type { Tenant } from '../licensing/tenant.ts';
import type { Executions } from '../renewal/executions.ts';
import type { KeyedHash } from '../runtime/keyed-hash.ts';
import type { Log } from '../runtime/log.ts';
import type { LoginDeps } from '../sessions/read-round.ts';

export type AdministerDeps = LoginDeps & {
  readonly log: Log;
  /** For what stands for a person in records that last. */
  readonly keyedHash: KeyedHash;
  /** Uploads, for the plan of a renewal. */
  readonly objects: Objects;
  readonly signUploadForm: SignUploadForm;
  readonly executions: Executions;
  /** On the local stack, which calls addresses of this machine as well. */
  readonly mayBeLocal?: boolean;
};

/** The tenant of a command, as it is now, and what its commands need. */
export type OfTenant = AdministerDeps & { readonly tenant: Tenant };
