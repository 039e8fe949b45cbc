import { eraseName } from '../history/write-entries.ts';
import { absent } from '../licensing/clause.ts';
import { namedSessions } from '../licensing/user-card.ts';
import { eraseFromRenewals } from '../renewal/erase-from-renewals.ts';
import type { Random } from '../runtime/random.ts';
import { untilAnswered } from '../runtime/retry.ts';
import { forgottenOwner } from '../sessions/session-owner.ts';
import { type Erasure, erasureOf, targetOf, userDigest } from '../store/history-items.ts';
import { erasureKey, personHistoryKey, userCardKey } from '../store/keys.ts';
import { readUserCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import type { OfTenant } from './deps.ts';
import { refused } from './refusal.ts';

const PAGE = 100;
const CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 12;

/**
 * Replaces a removed user in the history and in the renewals that are over by a pseudonym (R47), and forgets the marks of
 * their sessions. Entries still on their way get it when they arrive; renewals that are not over are named. Safe to run
 * again: the pseudonym stays, and what is left is done.
 */
export async function eraseUser(deps: OfTenant, { user }: RequestOf<'erase-user'>) {
  const { table } = deps;
  const { tenant } = deps.tenant;
  const { card, marks } = await readUserCard(table, tenant, user);
  if (card !== undefined) {
    return refused('in-use', `The user "${user}" has a user card. Remove it first with remove-user-card.`);
  }
  const erasure = await markErased(deps, user);
  const { pk } = personHistoryKey(tenant, user, '');
  const to = `${erasure.erasedAt}~`;
  let entries = 0;
  let from = ' ';
  for (let more = true; more; ) {
    const page = await table.query({ pk, from, to, limit: PAGE });
    for (const item of page.items) {
      await eraseName(table, { tenant, key: targetOf(item), place: item.sk }, user, erasure);
      entries += 1;
      from = `${item.sk} `;
    }
    more = page.more;
  }
  const inRenewals = await eraseFromRenewals(table, tenant, user, erasure.pseudonym);
  for (const write of forgottenOwner(tenant, user, namedSessions(Object.keys(marks?.ended ?? {})))) {
    await table.write([write]);
  }
  await table.write([{ delete: userCardKey(tenant, user), onlyIf: [absent('folderId')] }]);
  return { erased: true, pseudonym: erasure.pseudonym, entries, ...inRenewals };
}

/** Whoever bore the name before keeps the one pseudonym; what happened until now is erased. */
async function markErased({ table, clock, random, tenant: { tenant } }: OfTenant, user: string): Promise<Erasure> {
  const key = erasureKey(tenant, userDigest(tenant, user));
  return untilAnswered({ clock, random }, async () => {
    const known = await table.get(key);
    const pseudonym = known === undefined ? `erased-${letters(random)}` : erasureOf(known).pseudonym;
    const erasure = { pseudonym, erasedAt: clock.now() };
    const isFirst = known === undefined ? [absent('pk')] : [];
    const { done } = await table.write([{ put: { ...key, ...erasure }, onlyIf: isFirst }]);
    return done ? erasure : undefined;
  });
}

function letters(random: Random): string {
  return Array.from({ length: LENGTH }, () => CHARACTERS[random(CHARACTERS.length)]).join('');
}
