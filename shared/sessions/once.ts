import type { Write } from '../store/table.ts';

/**
 * Makes a call that may come twice count once. `before` is asked in the call's first round of reads, and what it tells is
 * the answer; what `beside` writes is written in one transaction with what the call changes, or alone when it changes
 * nothing. Where that is refused, `before` is asked again.
 */
export type Once<Told, Answer = undefined> = {
  readonly before: () => Promise<Told | undefined>;
  readonly beside: (answer: Answer) => readonly Write[];
};
