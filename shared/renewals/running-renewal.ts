import { isLeftInZOld } from '../licensing/renewal/renewal-row.ts';
import type { Instant } from '../licensing/time.ts';
import type { RenewalStatus } from '../licensing/vocabulary.ts';
import type { Table } from '../platform/ports/table.ts';
import { readBySerialNumber } from './plan-inputs.ts';
import { findRenewal, readRows } from './read-renewal.ts';
import type { Renewal } from './renewal.ts';

/** A license that a renewal waits for, because somebody works on it. */
type HeldUpBy = { readonly serialNumber: string; readonly user: string; readonly since?: Instant };

/** What keeps a renewal from being over. */
export type RunningRenewal = {
  readonly renewalId: string;
  readonly status: RenewalStatus;
  /** A text for people: what it waits for, until when, and what can be done. */
  readonly waitsFor: string;
  readonly until?: Instant;
  readonly heldUpBy: readonly HeldUpBy[];
};

/** How many licenses the text names, and how many are named beside it. */
const MOST_IN_TEXT = 5;
const MOST_NAMED = 100;

/** Returns what a renewal that is not over waits for, until when, and who holds it up. */
export async function describeRunning(table: Table, tenantId: string, renewalId: string): Promise<RunningRenewal> {
  const renewal = await findRenewal(table, tenantId, renewalId);
  if (renewal === undefined) {
    return { renewalId, status: 'running', waitsFor: 'It has just been started.', heldUpBy: [] };
  }
  const { status } = renewal;
  const heldUpBy = status === 'waiting-for-cleanup' ? await licensesInUse(table, renewal) : [];
  const until = { 'waiting-for-term': renewal.switchAt, 'waiting-for-cleanup': renewal.cleanupAt }[String(status)];
  const base = { renewalId, status, waitsFor: waitText(renewal, heldUpBy), heldUpBy };
  return until === undefined ? base : { ...base, until };
}

function waitText({ status, switchAt, cleanupAt }: Renewal, heldUpBy: readonly HeldUpBy[]): string {
  switch (status) {
    case 'waiting-for-term':
      return `It waits until ${switchAt}, when the last of its new licenses begins.`;
    case 'waiting-for-cleanup': {
      const next = `It waits for the cleanup${cleanupAt === undefined ? '' : ` at ${cleanupAt}`}.`;
      return heldUpBy.length === 0 ? next : `${next} ${usersText(heldUpBy)}`;
    }
    case 'stopped':
      return 'It has stopped. Continue it with resume-renewal, or undo it with undo-renewal.';
    case 'undoing':
      return 'It is being undone.';
    case 'planned':
    case 'approved':
    case 'running':
    case 'finished':
    case 'undone':
      return 'It is running.';
  }
}

function usersText(heldUpBy: readonly HeldUpBy[]): string {
  const named = heldUpBy.slice(0, MOST_IN_TEXT).map(({ serialNumber, user, since }) => {
    return `${serialNumber} is in use by ${user}${since === undefined ? '' : ` since ${since}`}`;
  });
  const more = heldUpBy.length > named.length ? `, and ${heldUpBy.length - named.length} more are in use` : '';
  return `${named.join(', ')}${more}: wait until their sessions end, or disconnect them.`;
}

/** Reads the licenses in zOld on which somebody still works. */
async function licensesInUse(table: Table, renewal: Renewal): Promise<readonly HeldUpBy[]> {
  const rows = await readRows(table, renewal);
  const serials = rows.flatMap(({ row }) => (isLeftInZOld(row) ? (row.old?.serialNumber ?? []) : []));
  const licenses = await readBySerialNumber(table, renewal.tenant, serials);
  return licenses
    .flatMap(({ serialNumber, currentUser: user, since }) =>
      user === undefined ? [] : [{ serialNumber, user, ...(since === undefined ? {} : { since }) }],
    )
    .slice(0, MOST_NAMED);
}
