import { neededMarks, type UserCard } from '../licensing/login/user-card.ts';
import { endSession } from '../sign-in/sessions/end-session.ts';
import { type Update, unchanged, updateOptimistically } from '../store/optimistic-update.ts';
import { readUserCard } from '../store/read-user-card.ts';
import { forgottenLinks, removedUserCard } from '../store/write-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import { changeLicense } from './change-license.ts';
import type { TenantContext } from './deps.ts';
import { isRefusal, type Refusal, unknownUser } from './refusal.ts';
import { staleCard } from './user-cards.ts';

/**
 * Removes a user (R47): ends the sessions, frees a floating license, releases the dedicated ones, and deletes the card.
 * The card is deleted only if nothing of this has changed, and a concurrent login restarts the removal. The marks of
 * the ended sessions stay, so that a late login takes no license (R24). Links of other ids are
 * deleted with the card.
 */
export async function removeUserCard(deps: TenantContext, request: RequestOf<'remove-user-card'>) {
  const { table, clock } = deps;
  const { tenantId, settings } = deps.tenant;
  const { user, actor, command } = request;
  const done = { ended: 0, released: new Set<string>() };
  let isBegun = false;
  const read = async () => (await readUserCard(table, tenantId, user)).card;
  const remove = async (card: UserCard | undefined): Promise<Update<Removed, Removed | Refusal>> => {
    if (card === undefined) return unchanged(unknownUser(user));
    const isStale = request.expectedVersion !== undefined && request.expectedVersion !== card.revision;
    if (isStale && !isBegun) return unchanged(staleCard(card));
    isBegun = true;
    done.ended += (await endSession(deps, settings, { tenant: tenantId, user, actor, cause: command })).ended;
    for (const serialNumber of Object.keys(card.assigned)) {
      const changed = await changeLicense(deps, { serialNumber, actor, command }, (license) =>
        license.assignedTo === user ? { kind: 'apply', event: { event: 'release' } } : { kind: 'keep' },
      );
      if (!isRefusal(changed)) done.released.add(serialNumber);
    }
    const left = await read();
    const isFree = left !== undefined && left.current === undefined && Object.keys(left.assigned).length === 0;
    if (!isFree) return { kind: 'retry' };
    const ended = neededMarks(left.ended, settings.idleTimeout, clock.now());
    return { kind: 'write', writes: [removedUserCard(left, ended), ...forgottenLinks(left)], after: removed(done) };
  };
  return updateOptimistically(deps, read, remove, (card, after) => (card === undefined ? after : undefined));
}

type Removed = { readonly removed: true; readonly ended: number; readonly released: readonly string[] };

function removed({ ended, released }: { readonly ended: number; readonly released: ReadonlySet<string> }): Removed {
  return { removed: true, ended, released: [...released].toSorted() };
}
