import { eraseName } from '../history/write-entries.ts';
import { absent } from '../licensing/clause.ts';
import { namedSessions } from '../licensing/login/user-card.ts';
import { type Instant, later, plus } from '../licensing/time.ts';
import { randomText } from '../platform/random.ts';
import { untilAnswered } from '../platform/retry.ts';
import { eraseFromRenewals } from '../renewals/erase-from-renewals.ts';
import { forgottenOwner } from '../sign-in/sessions/session-owner.ts';
import { type Erasure, erasureWrites, readErasures } from '../store/erasures.ts';
import { historyEntryOf, pointerTarget } from '../store/history-items.ts';
import { personHistoryKey, userCardKey } from '../store/keys.ts';
import { personHash, pseudonymWrite } from '../store/named-people.ts';
import { walkPartition } from '../store/paging.ts';
import { readUserCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { changedWith, eraseFromSettingsAndCards, eraseLastChange } from './erase-last-changes.ts';
import { isLinked } from './linked-ids.ts';
import { isRefusal, type Refusal, refused } from './refusal.ts';

const PAGE = 100;
const PSEUDONYM_LENGTH = 12;

/**
 * Replaces a removed user by a pseudonym (R47): in the history, in the entries of commands and imports, wherever the
 * user is shown as the last editor, and in renewals that are over. Deletes the marks of the user's sessions. Entries
 * that are still on their way get the pseudonym when they arrive. The answer lists the renewals that are not over. The
 * command can be repeated: the pseudonym stays, and the rest is completed.
 */
export async function eraseUser(deps: TenantContext, { user, actor }: RequestOf<'erase-user'>) {
  if (user === actor) {
    return refused('own-erasure', 'You cannot erase yourself. Ask another administrator to do it.');
  }
  const { table } = deps;
  const { tenantId } = deps.tenant;
  const erasure = await markErased(deps, user);
  if (isRefusal(erasure)) return erasure;
  const { marks } = await readUserCard(table, tenantId, user);
  const entries = await eraseListed(deps, user, user, erasure);
  // Entries that were on their way during an earlier erasure are in the list of the pseudonym by now.
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
 * Goes through the entries that the history lists under the user or the pseudonym, up to the erasure, and returns their
 * number. The items that the user changed last are found by these entries, so they lose the name first.
 */
async function eraseListed(deps: TenantContext, listed: string, user: string, erasure: Erasure): Promise<number> {
  const { table } = deps;
  const { tenantId } = deps.tenant;
  const { pk } = personHistoryKey(tenantId, listed, '');
  const to = `${erasure.erasedAt}~`;
  let seen = 0;
  for await (const items of walkPartition(table, { pk, to, limit: PAGE })) {
    const entries = (await table.getMany(items.map(pointerTarget))).flatMap((item) =>
      item ? [historyEntryOf(item)] : [],
    );
    const keys = entries.flatMap((entry) => changedWith(tenantId, entry, listed));
    const once = new Map(keys.map((key) => [key.pk, key]));
    for (const key of once.values()) await eraseLastChange(table, key, user, erasure);
    for (const item of listed === user ? items : []) {
      await eraseName(table, { tenant: tenantId, key: pointerTarget(item), sortKey: item.sk }, user, erasure);
    }
    seen += items.length;
  }
  return seen;
}

/**
 * Marks the user as erased from now on. An earlier user of the same name keeps the pseudonym. Refuses a user who has a
 * card, or whose id is linked to one.
 */
async function markErased(deps: TenantContext, user: string): Promise<Erasure | Refusal> {
  const { table, clock, random, keyedHash } = deps;
  const { tenantId } = deps.tenant;
  return untilAnswered<Erasure | Refusal>(deps, async () => {
    const { card, marks } = await readUserCard(table, tenantId, user);
    if (card !== undefined) {
      return refused('in-use', `The user "${user}" has a user card. Remove it first with remove-user-card.`);
    }
    if (marks?.linkedTo !== undefined) return isLinked(user, marks.linkedTo);
    const [known] = await readErasures(deps, tenantId, [user]);
    if (known === undefined) throw new Error('no result was read for the user');
    const pseudonym = known.found?.pseudonym ?? `erased-${randomText(random, PSEUDONYM_LENGTH)}`;
    const erasure = { pseudonym, erasedAt: erasedAfter(known.found, clock.now()) };
    const hash = await personHash(keyedHash, tenantId, user, known.found);
    const { done } = await table.write([
      ...erasureWrites(known, erasure),
      pseudonymWrite(tenantId, hash, pseudonym),
      { check: userCardKey(tenantId, user), onlyIf: [absent('folderId'), absent('linkedTo')] },
    ]);
    return done ? erasure : undefined;
  });
}

/** Returns a time after the earlier erasure, so that a user of the name in between is another person. */
function erasedAfter(before: Erasure | undefined, now: Instant): Instant {
  return before === undefined ? now : later(now, plus(before.erasedAt, 1));
}
