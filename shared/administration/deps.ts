import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import type { Log } from '../platform/log.ts';
import type { SignDownload } from '../platform/ports/download.ts';
import type { Executions } from '../platform/ports/executions.ts';
import type { Objects } from '../platform/ports/objects.ts';
import type { SignUploadForm } from '../platform/ports/upload-form.ts';
import type { LoginDeps } from '../sign-in/sessions/read-round.ts';

export type AdministerDeps = LoginDeps & {
  readonly log: Log;
  /** For the hashes that stand for people in lasting records. */
  readonly keyedHash: KeyedHash;
  /** For the uploads from which a renewal is planned. */
  readonly objects: Objects;
  readonly signUploadForm: SignUploadForm;
  readonly signDownload: SignDownload;
  readonly executions: Executions;
  /** The longest time that a call can last, in milliseconds. */
  readonly longestCall: number;
  /** Set on the local stack, where webhooks and hooks may use addresses of this machine. */
  readonly mayBeLocal?: boolean;
};

/** What the commands of an existing tenant need: the tenant as it is now, and the dependencies. */
export type TenantContext = AdministerDeps & { readonly tenant: Tenant };
