import { eraseName } from '../history/write-entries.ts';
import { absent } from '../licensing/clause.ts';
import { namedSessions } from '../licensing/login/user-card.ts';
import { type Instant, later, plus } from '../licensing/time.ts';
import { randomText } from '../platform/random.ts';
import { untilAnswered } from '../platform/retry.ts';
import { eraseFromRenewals } from '../renewals/erase-from-renewals.ts';
import { forgottenOwner } from '../sign-in/sessions/session-owner.ts';
import { type Erasure, erasureWrites, readErasures } from '../store/erasures.ts';
import { entryOf, targetOf } from '../store/history-items.ts';
import { personHistoryKey, userCardKey } from '../store/keys.ts';
import { personHash, pseudonymWrite } from '../store/named-people.ts';
import { walkPartition } from '../store/paging.ts';
import { readUserCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { changedWith, eraseFromSettingsAndCards, eraseLastChange } from './erase-last-changes.ts';
import { isLinked } from './linked-ids.ts';
import { refused } from './refusal.ts';

const PAGE = 100;
const PSEUDONYM_LENGTH = 12;

/**
 * Replaces a removed user by a pseudonym: in the history, as whom commands are about, as who uploaded, as who changed
 * something last, and in the renewals that are over (R47); forgets the marks of their sessions. Entries still on their way get it when they arrive;
 * renewals that are not over are named. Safe to run again: the pseudonym stays, and what is left is done.
 */
export async function eraseUser(deps: TenantContext, { user, actor }: RequestOf<'erase-user'>) {
  if (user === actor) {
    return refused('own-erasure', 'Nobody erases themselves from the history: ask another administrator to do it.');
  }
  const { table } = deps;
  const { tenantId } = deps.tenant;
  const { card, marks } = await readUserCard(table, tenantId, user);
  if (card !== undefined) {
    return refused('in-use', `The user "${user}" has a user card. Remove it first with remove-user-card.`);
  }
  if (marks?.linkedTo !== undefined) return isLinked(user, marks.linkedTo);
  const erasure = await markErased(deps, user);
  const entries = await eraseListed(deps, user, user, erasure);
  // What was on its way at an erasure before has come to the pseudonym's list by itself.
  await eraseListed(deps, erasure.pseudonym, user, erasure);
  await eraseFromSettingsAndCards(deps, user, erasure);
  const inRenewals = await eraseFromRenewals(table, tenantId, user, erasure.pseudonym);
  for (const write of forgottenOwner(tenantId, user, namedSessions(Object.keys(marks?.ended ?? {})))) {
    await table.write([write]);
  }
  await table.write([{ delete: userCardKey(tenantId, user), onlyIf: [absent('folderId')] }]);
  return { erased: true, pseudonym: erasure.pseudonym, entries, ...inRenewals };
}

/**
 * Goes through what the history lists under the user, or under the pseudonym, until the erasure, and tells how much that
 * is. What the user changed last is found by these entries, so that it loses the name before they do.
 */
async function eraseListed(deps: TenantContext, listed: string, user: string, erasure: Erasure): Promise<number> {
  const { table } = deps;
  const { tenantId } = deps.tenant;
  const { pk } = personHistoryKey(tenantId, listed, '');
  const to = `${erasure.erasedAt}~`;
  let seen = 0;
  for await (const items of walkPartition(table, { pk, to, limit: PAGE })) {
    const entries = (await table.getMany(items.map(targetOf))).flatMap((item) => (item ? [entryOf(item)] : []));
    const keys = entries.flatMap((entry) => changedWith(tenantId, entry, listed));
    const once = new Map(keys.map((key) => [key.pk, key]));
    for (const key of once.values()) await eraseLastChange(table, key, user, erasure);
    for (const item of listed === user ? items : []) {
      await eraseName(table, { tenant: tenantId, key: targetOf(item), place: item.sk }, user, erasure);
    }
    seen += items.length;
  }
  return seen;
}

/** Whoever bore the name before keeps the one pseudonym; what happened until now is erased. */
async function markErased(deps: TenantContext, user: string): Promise<Erasure> {
  const { table, clock, random, keyedHash } = deps;
  const { tenantId } = deps.tenant;
  return untilAnswered(deps, async () => {
    const [known] = await readErasures(deps, tenantId, [user]);
    if (known === undefined) throw new Error('a mark was asked for, and none was read');
    const pseudonym = known.found?.pseudonym ?? `erased-${randomText(random, PSEUDONYM_LENGTH)}`;
    const erasure = { pseudonym, erasedAt: erasedAfter(known.found, clock.now()) };
    const hash = await personHash(keyedHash, tenantId, user, known.found);
    const { done } = await table.write([...erasureWrites(known, erasure), pseudonymWrite(tenantId, hash, pseudonym)]);
    return done ? erasure : undefined;
  });
}

/** Later than the erasure before: whoever bore the name in between is another one. */
function erasedAfter(before: Erasure | undefined, now: Instant): Instant {
  return before === undefined ? now : later(now, plus(before.erasedAt, 1));
}
