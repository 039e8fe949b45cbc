import type { Violation } from '../licensing/audit/audit-faults.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { dayIn } from '../licensing/time.ts';
import type { Clock } from '../platform/clock.ts';
import type { Table } from '../platform/ports/table.ts';
import { findSuspects, type Suspect } from './find-suspects.ts';
import { readAtOnce, shows } from './read-at-once.ts';
import { repairWrites } from './repair.ts';

export type AuditReport = {
  readonly licenses: number;
  readonly userCards: number;
  readonly vacancies: number;
  /** A violation at one moment. `repaired` means that this audit has repaired it. */
  readonly violations: readonly (Violation & { readonly repaired?: true })[];
  /** How many suspects were not confirmed: those beyond the first thousand, and those that kept changing. */
  readonly notConfirmed?: number;
};

type AuditDeps = { readonly table: Table; readonly clock: Clock };

const MOST_SUSPECTS = 1_000;

/**
 * Checks a tenant's invariants. A first pass reads everything while logins go on, so its findings are only suspects.
 * One transactional read of everything concerned confirms each suspect. With `repairAs`, the actor in the history, it
 * repairs what is certain. Each repair has a read of its own, and is refused when anything has changed since.
 */
export async function auditTenant(
  deps: AuditDeps,
  tenant: Tenant,
  { repairAs }: { readonly repairAs?: string | undefined } = {},
): Promise<AuditReport> {
  const today = dayIn(tenant.settings.timeZone, deps.clock.now());
  const counts = { licenses: 0, userCards: 0, vacancies: 0 };
  const suspects = new Map<string, Suspect>();
  let notConfirmed = 0;
  for await (const suspect of findSuspects(deps.table, tenant, today, counts)) {
    const name = JSON.stringify([suspect.violation, suspect.at]);
    if (suspects.size < MOST_SUSPECTS) suspects.set(name, suspect);
    else if (!suspects.has(name)) notConfirmed += 1;
  }

  const confirmed: Suspect[] = [];
  for (const suspect of suspects.values()) {
    const items = await readAtOnce(deps, tenant.tenantId, suspect);
    if (items === undefined) notConfirmed += 1;
    else if (shows(items, suspect, tenant, today)) confirmed.push(suspect);
  }

  const violations: (Violation & { readonly repaired?: true })[] = [];
  for (const suspect of confirmed) {
    const isRepaired = repairAs !== undefined && (await repair(deps, tenant, suspect, repairAs));
    violations.push(isRepaired ? { ...suspect.violation, repaired: true } : suspect.violation);
  }
  return { ...counts, violations, ...(notConfirmed > 0 ? { notConfirmed } : {}) };
}

/** Returns whether the fault is repaired now, also by an earlier repair of this audit. */
async function repair(deps: AuditDeps, tenant: Tenant, suspect: Suspect, actor: string): Promise<boolean> {
  const today = dayIn(tenant.settings.timeZone, deps.clock.now());
  const items = await readAtOnce(deps, tenant.tenantId, suspect);
  if (items === undefined) return false;
  if (!shows(items, suspect, tenant, today)) return true;
  const change = { actor, cause: `audit: ${suspect.violation.fault}`, at: deps.clock.now() };
  const writes = repairWrites(suspect, { tenant, today, items, change });
  return writes !== undefined && (await deps.table.write(writes)).done;
}
