import {
  CHANGING_MEMBERS,
  type Change,
  type License,
  type LicenseClass,
  type LicenseFacts,
} from '../license/license.ts';
import type { Receipt } from '../login/receipt.ts';
import type { Instant } from '../time.ts';

/** One change of a license (R46): who made it, why and when, and the facts before and after it. */
export type LicenseChange = LicenseClass & {
  readonly kind: 'license';
  readonly tenant: string;
  readonly serialNumber: string;
  /** The version that the change made. It orders the changes of one license. */
  readonly version: number;
  readonly change: Change;
  /** Absent when the license was new. */
  readonly before?: LicenseFacts;
  readonly after: LicenseFacts;
};

/** A login that was denied. */
type DenialEntry = {
  readonly kind: 'denied';
  readonly tenant: string;
  readonly user: string;
  readonly session: string | null;
  readonly folderId: string;
  /** The access that the user needed (R16). */
  readonly access: License['access'];
  readonly reason: NonNullable<Receipt['reason']>;
  readonly at: Instant;
};

/** When and why a webhook was switched off. */
export type SwitchedOff = {
  readonly at: Instant;
  /** When the first of its deliveries failed, after which none succeeded. */
  readonly since: Instant;
  /** The outcome of the last delivery: `status 503`, for example, or `address`, `time`, `connection` or `secret`. */
  readonly reason: string;
};

/** The tenant's webhook was switched off. */
type WebhookOffEntry = SwitchedOff & { readonly kind: 'webhook-off'; readonly tenant: string };

export type HistoryEntry = LicenseChange | DenialEntry | WebhookOffEntry;

export const HISTORY_KINDS = ['license', 'denied', 'webhook-off'] as const satisfies readonly HistoryEntry['kind'][];

/**
 * Returns the change that led from one version of a license to the next, or undefined when there is no new version. A
 * license goes back to an older one only when an operator restores it.
 */
export function licenseChange(before: License | undefined, after: License): LicenseChange | undefined {
  if (before !== undefined && before.version >= after.version) return undefined;
  const { tenant, serialNumber, type, access, modules, version, change } = after;
  return {
    kind: 'license',
    tenant,
    serialNumber,
    type,
    access,
    modules,
    version,
    change,
    ...(before === undefined ? {} : { before: factsOf(before) }),
    after: factsOf(after),
  };
}

function factsOf(license: License): LicenseFacts {
  const { folderId, validFrom } = license;
  const facts = Object.fromEntries(
    CHANGING_MEMBERS.flatMap((name) => (license[name] === undefined ? [] : [[name, license[name]]])),
  );
  return { ...facts, folderId, validFrom };
}

export function timeOf(entry: HistoryEntry): Instant {
  return entry.kind === 'license' ? entry.change.at : entry.at;
}

/**
 * Returns the users whom an entry names, each once. The actor counts only if it is a person, not a function of the
 * service.
 */
export function peopleIn(entry: HistoryEntry): readonly string[] {
  if (entry.kind === 'webhook-off') return [];
  if (entry.kind === 'denied') return [entry.user];
  const { before, after, change } = entry;
  const holders = [before, after].flatMap((facts) => [facts?.assignedTo, facts?.currentUser]);
  return [...new Set([...holders, change.actor])].flatMap((name) =>
    name === undefined || SERVICE.includes(name) ? [] : name,
  );
}

/** The actors that are the service itself. They get no history of their own, which would be the largest of all. */
const SERVICE: readonly string[] = [
  'login',
  'end-session',
  'end-idle-sessions',
  'session-hooks',
  'import-licenses',
  'import-held-back',
  'switch-licenses',
  'undo-licenses',
  'clean-up-renewal',
  'clean-up-daily',
  'auditor',
];

/** Returns the entry with the pseudonym wherever it named the user (R47). */
export function withPseudonym(entry: HistoryEntry, user: string, pseudonym: string): HistoryEntry {
  if (entry.kind === 'webhook-off') return entry;
  const other = (name: string): string => (name === user ? pseudonym : name);
  if (entry.kind === 'denied') {
    return entry.user === user ? { ...entry, user: pseudonym, session: null } : entry;
  }
  const facts = (one: LicenseFacts): LicenseFacts => ({
    ...one,
    ...(one.assignedTo === undefined ? {} : { assignedTo: other(one.assignedTo) }),
    ...(one.currentUser === undefined ? {} : { currentUser: other(one.currentUser) }),
  });
  return {
    ...entry,
    change: { ...entry.change, actor: other(entry.change.actor) },
    ...(entry.before === undefined ? {} : { before: facts(entry.before) }),
    after: facts(entry.after),
  };
}
