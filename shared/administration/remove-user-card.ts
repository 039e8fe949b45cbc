import { neededMarks } from '../licensing/login/user-card.ts';
import { untilAnswered } from '../platform/retry.ts';
import { endSession } from '../sign-in/sessions/end-session.ts';
import { readUserCard } from '../store/read-user-card.ts';
import { forgottenLinks, removedUserCard } from '../store/write-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import { changeLicense } from './change-license.ts';
import type { TenantContext } from './deps.ts';
import { isRefusal, unknownUser } from './refusal.ts';
import { staleCard } from './user-cards.ts';

/**
 * Removes a user (R47): the sessions end, a floating license is free again, the dedicated ones are released, and the card
 * is removed only if nothing of that has changed; a concurrent login restarts the removal. The marks of the
 * ended sessions stay, so that a login that was on its way takes nothing (R24). Linked ids go with the card.
 */
export async function removeUserCard(deps: TenantContext, request: RequestOf<'remove-user-card'>) {
  const { table, clock } = deps;
  const { tenantId, settings } = deps.tenant;
  const { user, actor, command } = request;
  const done = { ended: 0, released: new Set<string>() };
  let isTried = false;
  let isBegun = false;
  return untilAnswered(deps, async () => {
    const { card } = await readUserCard(table, tenantId, user);
    if (card === undefined) return isTried ? removed(done) : unknownUser(user);
    const isStale = request.expectedVersion !== undefined && request.expectedVersion !== card.revision;
    if (isStale && !isBegun) return staleCard(card);
    isBegun = true;
    done.ended += (await endSession(deps, settings, { tenant: tenantId, user, actor, cause: command })).ended;
    for (const serialNumber of Object.keys(card.assigned)) {
      const changed = await changeLicense(deps, { serialNumber, actor, command }, (license) =>
        license.assignedTo === user ? { event: 'release' } : 'nothing',
      );
      if (!isRefusal(changed)) done.released.add(serialNumber);
    }
    const { card: left } = await readUserCard(table, tenantId, user);
    if (left === undefined) return undefined;
    if (left.current !== undefined || Object.keys(left.assigned).length > 0) return undefined;
    isTried = true;
    const ended = neededMarks(left.ended, settings.idleTimeout, clock.now());
    const answer = await table.write([removedUserCard(left, ended), ...forgottenLinks(left)]);
    return answer.done ? removed(done) : undefined;
  });
}

function removed({ ended, released }: { readonly ended: number; readonly released: ReadonlySet<string> }) {
  return { removed: true, ended, released: [...released].toSorted() };
}
