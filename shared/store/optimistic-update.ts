import { sameValue } from '../licensing/clause.ts';
import type { Clock } from '../platform/clock.ts';
import type { Table, Write } from '../platform/ports/table.ts';
import type { Random } from '../platform/random.ts';
import { untilAnswered } from '../platform/retry.ts';

/** What is to be done about an item as it was read. */
export type Update<After, Answer> =
  | { readonly kind: 'unchanged'; readonly answer: Answer }
  /** The writes leave `after`. They are refused when the item is no longer as it was read. */
  | { readonly kind: 'write'; readonly writes: readonly Write[]; readonly after: After }
  /** Something that the decision relied on has changed. */
  | { readonly kind: 'retry' };

type Deps = { readonly table: Table; readonly clock: Clock; readonly random: Random };

/**
 * Changes an item with optimistic locking: reads it, decides, and writes under the condition that it is as it was read.
 * When a concurrent write wins, everything is done again. Returns what the writes left, or the answer without a write.
 *
 * A write may be made although its response gets lost. The retry by the client is then refused, as if somebody else had
 * changed the item. So each new attempt first asks `findOwn` whether the item shows the write of the attempt before, and
 * returns what that finds. By default, this is the case when the item equals `after`.
 */
export async function updateOptimistically<Found, After, Answer>(
  deps: Deps,
  read: () => Promise<Found>,
  decide: (found: Found) => Update<After, Answer> | Promise<Update<After, Answer>>,
  findOwn: (found: Found, tried: After) => After | undefined = (found, tried) =>
    sameValue(found, tried) ? tried : undefined,
): Promise<After | Answer> {
  let tried: { readonly after: After } | undefined;
  return untilAnswered<After | Answer>(deps, async () => {
    const found = await read();
    const own = tried === undefined ? undefined : findOwn(found, tried.after);
    if (own !== undefined) return own;
    const update = await decide(found);
    switch (update.kind) {
      case 'unchanged':
        return update.answer;
      case 'retry':
        return undefined;
      case 'write': {
        tried = update;
        const { done } = await deps.table.write(update.writes);
        return done ? update.after : undefined;
      }
    }
  });
}

/** Returns the update that writes nothing. */
export function unchanged<Answer>(answer: Answer): { readonly kind: 'unchanged'; readonly answer: Answer } {
  return { kind: 'unchanged', answer };
}
