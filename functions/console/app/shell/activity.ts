import type { ReactNode } from 'react';
import { useSyncExternalStore } from 'react';

/** The outcome for each thing that a change was meant for. */
export type LedgerLine = {
  readonly name: string;
  /** The code of the refusal, and its members. Absent when it was done. */
  readonly refusal?: { readonly code: string; readonly members: Readonly<Record<string, unknown>> };
};

export type Activity = {
  readonly id: string;
  /** The service's time. */
  readonly at: number;
  readonly title: ReactNode;
  /** `unknown` when the service did not answer. */
  readonly state: 'running' | 'done' | 'failed' | 'unknown' | 'undone';
  readonly ledger: readonly LedgerLine[];
  /** Undoes exactly what the change did, on the versions that it left. Absent when nothing is left to undo. */
  readonly undo?: (() => Promise<readonly LedgerLine[]>) | undefined;
};

let activities: readonly Activity[] = [];
const listeners = new Set<() => void>();

/** What I changed since the console was opened, the latest first. It is kept until the session ends. */
export function useActivities(): readonly Activity[] {
  return useSyncExternalStore(subscribe, () => activities);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Adds an activity, or puts it in the place of the one with the same id. */
export function noteActivity(activity: Activity): void {
  const isNew = activities.every(({ id }) => id !== activity.id);
  activities = isNew ? [activity, ...activities] : activities.map((one) => (one.id === activity.id ? activity : one));
  for (const listener of listeners) listener();
}
