import type { UserCard } from '../../licensing/login/user-card.ts';
import type { Write } from '../../platform/ports/table.ts';

/**
 * Makes a call idempotent. `lookUp` runs in the first round of reads, with the user's card from that round. If it finds
 * the answer of an earlier call, that is the answer. Otherwise the `extraWrites` are made in one transaction with the
 * changes of the call, if it changes anything. If that transaction is refused, `lookUp` runs again.
 */
export type Idempotency<Earlier, Outcome = undefined> = {
  readonly lookUp: (card: () => Promise<UserCard | undefined>) => Promise<EarlierCall<Earlier, Outcome>>;
};

export type EarlierCall<Earlier, Outcome = undefined> =
  | { readonly kind: 'answered'; readonly answer: Earlier }
  | { readonly kind: 'new'; readonly extraWrites: (outcome: Outcome) => readonly Write[] };
