/** A part of the stack that starts work when it is due by the stack's clock. */
export type DueWork = {
  /** Starts everything that is due and does not run yet. */
  readonly startDue: () => void;
  /** Waits until none of its work runs any more. Returns whether any did. */
  readonly settle: () => Promise<boolean>;
  /** Stops storing results, because the stack ends. The next stack repeats the work that still runs. */
  readonly halt: () => void;
};

/** Runs all parts until nothing is due any more. The work of one part may make the work of another one due. */
export async function runDue(parts: readonly DueWork[]): Promise<void> {
  let busy = true;
  while (busy) {
    startDue(parts);
    busy = (await Promise.all(parts.map((part) => part.settle()))).includes(true);
  }
}

export function startDue(parts: readonly DueWork[]): void {
  for (const part of parts) part.startDue();
}
