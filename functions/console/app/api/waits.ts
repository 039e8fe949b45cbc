import type { Wait } from './send-patiently.ts';

/** A shorter wait is over before anybody has read of it. */
const SHORTEST_SHOWN = 1_000;

let waits: readonly Wait[] = [];
const listeners = new Set<() => void>();

/** Returns what a request waits for now, if any does. */
export const currentWait = () => waits[0];

export function subscribeWaits(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Waits, and shows what for. It ends at once when nobody wants the answer any more. */
export async function waitShown(wait: Wait, signal: AbortSignal): Promise<void> {
  if (wait.milliseconds >= SHORTEST_SHOWN) become([...waits, wait]);
  await new Promise<void>((resume) => {
    const timer = setTimeout(resume, wait.milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resume();
    });
  });
  become(waits.filter((one) => one !== wait));
}

function become(next: readonly Wait[]): void {
  waits = next;
  for (const listener of listeners) listener();
}
