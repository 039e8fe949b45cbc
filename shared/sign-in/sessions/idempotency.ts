import type { UserCard } from '../../licensing/login/user-card.ts';
import type { Write } from '../../platform/ports/table.ts';

/**
 * Makes a call that may come twice count once. `before` is asked in the call's first round of reads, with the user's card as
 * that round reads it. What it tells is the answer; else what its `beside` writes is written in one transaction with what
 * the call changes, or alone when it changes nothing. Where that is refused, `before` is asked again.
 */
export type Idempotency<Told, Answer = undefined> = {
  readonly before: (card: () => Promise<UserCard | undefined>) => Promise<Asked<Told, Answer>>;
};

export type Asked<Told, Answer = undefined> =
  | { readonly told: Told }
  | { readonly beside: (answer: Answer) => readonly Write[] };
