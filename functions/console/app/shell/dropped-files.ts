import { useSyncExternalStore } from 'react';

let files: readonly File[] = [];
const listeners = new Set<() => void>();

/** Files that were dropped anywhere and that the page of imports has not taken yet. */
export function useDroppedFiles(): readonly File[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => files,
  );
}

export function setDroppedFiles(next: readonly File[]): void {
  files = next;
  for (const listener of listeners) listener();
}
