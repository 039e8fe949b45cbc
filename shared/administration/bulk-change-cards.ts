import { sameValue } from '../licensing/clause.ts';
import { defined } from '../licensing/defined.ts';
import type { UserCard } from '../licensing/login/user-card.ts';
import { invalidRequest } from '../platform/validation.ts';
import type { RequestOf } from './administer-request.ts';
import { type CardTarget, readCardTargets } from './card-targets.ts';
import type { TenantContext } from './deps.ts';
import { mapInGroups } from './map-in-groups.ts';
import { isRefusal, type Refusal, unknownUser } from './refusal.ts';
import { refusalOfError } from './refusal-of-error.ts';
import { type CardChange, changedCard, findCardFolder, saveCard, staleCard } from './user-cards.ts';

type Request = RequestOf<'change-user-cards'>;

/** The result for one card, or the result that it would be. */
type Result =
  | { readonly user: string; readonly done: true; readonly version: number }
  | { readonly user: string; readonly done: false; readonly error: Refusal['error'] };

/** How many cards of a folder one call changes. Its cursor leads to the next ones. */
const PAGE = 500;

/**
 * Makes the same change to each of many user cards. A refusal of one card does not affect the others. In a folder, it
 * changes a page at a time. A preview judges each card in the same way, and writes nothing.
 */
export async function changeCards(deps: TenantContext, request: Request) {
  const { folder, ...facts } = request.change;
  if (Object.keys(request.change).length === 0) {
    return invalidRequest([{ place: 'change', text: 'must have a `folder`, an `access` or a `level`' }]);
  }
  const moved = findCardFolder(deps.tenant, folder);
  if (isRefusal(moved)) return moved;
  const given = { ...facts, ...moved };
  const targets = await readCardTargets(deps, request.to, { cursor: request.cursor, limit: PAGE });
  if (isRefusal(targets)) return targets;
  const { entries, cursor } = targets;
  const results = await mapInGroups(entries, (target) => changeOne(deps, request, target, given));
  return defined({ results, cursor });
}

async function changeOne(
  deps: TenantContext,
  request: Request,
  target: CardTarget,
  given: CardChange,
): Promise<Result> {
  const { actor, command, preview } = request;
  const { user, expectedVersion } = target;
  const answer = preview
    ? judge(target, given)
    : await saveCard(deps, defined({ user, actor, command, expectedVersion }), given, unknownUser).catch((error) =>
        refusalOfError(command, error),
      );
  return isRefusal(answer)
    ? { user, done: false, error: answer.error }
    : { user, done: true, version: answer.revision };
}

function judge({ user, card, expectedVersion }: CardTarget, given: CardChange): UserCard | Refusal {
  if (card === undefined) return unknownUser(user);
  if (expectedVersion !== undefined && expectedVersion !== card.revision) return staleCard(card);
  const after = changedCard(card, given);
  return sameValue(card, after) ? card : { ...after, revision: card.revision + 1 };
}
