import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import type { Log } from '../platform/log.ts';
import type { Executions } from '../platform/ports/executions.ts';
import type { Objects } from '../platform/ports/objects.ts';
import type { SignUploadForm } from '../platform/ports/upload-form.ts';
import type { LoginDeps } from '../sign-in/sessions/read-round.ts';

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
export type TenantContext = AdministerDeps & { readonly tenant: Tenant };
