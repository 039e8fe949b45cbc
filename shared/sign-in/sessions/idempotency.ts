import type { UserCard } from '../../licensing/login/user-card.ts';
import type { Write } from '../../platform/ports/table.ts';

/**
 * Makes a call idempotent. `before` is asked in the first round of reads, with the user's card from that round. If it
 * knows the answer of an earlier call, that is the answer. Otherwise the writes of `beside` are made in one transaction
 * with the changes of the call, or alone if there are none. If that transaction is refused, `before` is asked again.
 */
export type Idempotency<Told, Answer = undefined> = {
  readonly before: (card: () => Promise<UserCard | undefined>) => Promise<Asked<Told, Answer>>;
};

export type Asked<Told, Answer = undefined> =
  | { readonly told: Told }
  | { readonly beside: (answer: Answer) => readonly Write[] };
