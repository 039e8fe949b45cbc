/** A part of the stack that does things when their time has come, by the stack's clock. */
export type DueWork = {
  /** Starts everything that is due and not under way yet. */
  readonly startDue: () => void;
  /** Waits until nothing of it is under way; true when something was. */
  readonly settle: () => Promise<boolean>;
  /** The stack ends: from now on nothing is kept any more, and what is under way will be done again by the next one. */
  readonly halt: () => void;
};

/** Until nothing is due any more: what one part finishes may make another's work due. */
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
