import type { Tenant } from '../../shared/licensing/tenant.ts';
import type { Log } from '../../shared/runtime/log.ts';
import type { LoginDeps } from '../../shared/sessions/read-round.ts';

export type AdministerDeps = LoginDeps & { readonly log: Log };

/** The tenant of a command, as it is now, and what its commands need. */
export type OfTenant = AdministerDeps & { readonly tenant: Tenant };
