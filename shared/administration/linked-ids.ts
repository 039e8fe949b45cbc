import { defined } from '../licensing/defined.ts';
import { pathOf } from '../licensing/folder-tree.ts';
import {
  type FormerCard,
  namedSessions,
  neededMarks,
  sessionKey,
  type UserCard,
  withMarks,
} from '../licensing/login/user-card.ts';
import { termPhase } from '../licensing/term.ts';
import { dayIn } from '../licensing/time.ts';
import type { Write } from '../platform/ports/table.ts';
import { invalidRequest } from '../platform/validation.ts';
import { endSession } from '../sign-in/sessions/end-session.ts';
import { type Update, unchanged, updateOptimistically } from '../store/optimistic-update.ts';
import { type FoundCard, readUserCard } from '../store/read-user-card.ts';
import { linkedIdWrite, sameMarks, unlinkedIdWrite, userCardWrite } from '../store/write-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import { changeLicense } from './change-license.ts';
import type { TenantContext } from './deps.ts';
import { isRefusal, type Refusal, refused, unknownUser } from './refusal.ts';

/** How many linked ids a card has at most. */
const MOST_LINKED = 10;

/**
 * Links another id to a card, for a person who has different ids at two providers, or an old and a new account. From
 * then on, logins, sessions and logouts by that id belong to the card. If the other id has a card, its sessions end,
 * its assigned licenses move to the user, and expired ones are released. The link stores the former card, so that it
 * can be undone. A preview shows what would move, and changes nothing.
 */
export async function linkId(deps: TenantContext, request: RequestOf<'link-id'>) {
  const { user, linkedId, preview } = request;
  const moved = new Set<string>();
  const released = new Set<string>();
  let sessions = 0;
  return updateOptimistically(deps, readBoth(deps, request), async ([main, other]): Promise<Update<object, object>> => {
    const refusal = refuseLink(request, main, other);
    if (refusal !== undefined) return unchanged(refusal);
    const linked = (licenses: readonly string[], gone: readonly string[], ended: number) =>
      defined({ user, linkedId, licenses, released: gone, sessions: ended, card: shownFormer(deps, other) });
    if (preview) {
      const [kept, expired] = partsOf(deps, other.card);
      return unchanged(linked(kept, expired, Object.keys(other.card?.sessions ?? {}).length));
    }
    const done = () => linked([...moved].toSorted(), [...released].toSorted(), sessions);
    if (other.marks?.linkedTo === user) return unchanged(done());
    sessions += await moveHoldings(deps, request, other.card, moved, released);
    const writes = await linkWrites(deps, request, [...moved]);
    return writes === undefined ? { kind: 'retry' } : { kind: 'write', writes, after: done() };
  });
}

/** Returns a function that reads what is stored under the user's id and under the linked id. */
function readBoth(
  { table, tenant: { tenantId } }: TenantContext,
  { user, linkedId }: { readonly user: string; readonly linkedId: string },
) {
  return () => Promise.all([readUserCard(table, tenantId, user), readUserCard(table, tenantId, linkedId)]);
}

function refuseLink(
  { user, linkedId }: RequestOf<'link-id'>,
  main: FoundCard,
  { card, marks }: FoundCard,
): Refusal | undefined {
  if (user === linkedId) return invalidRequest([{ place: 'linkedId', text: 'must differ from the id of the card' }]);
  if (main.marks?.linkedTo !== undefined) return isLinked(user, main.marks.linkedTo);
  if (main.card === undefined) return unknownUser(user);
  if (marks?.linkedTo !== undefined && marks.linkedTo !== user) return isLinked(linkedId, marks.linkedTo);
  const own = card?.linkedIds?.length ?? 0;
  if (own > 0)
    return refused('conflict', `Other ids are linked to "${linkedId}". Delete those links first, with unlink-id.`);
  const isNew = main.card.linkedIds?.includes(linkedId) !== true;
  if (isNew && (main.card.linkedIds?.length ?? 0) >= MOST_LINKED) {
    return invalidRequest([{ place: 'linkedId', text: `a card has at most ${MOST_LINKED} linked ids` }]);
  }
  return undefined;
}

/** Refuses a command for an id that is linked to another user's card. */
export function isLinked(user: string, linkedTo: string): Refusal {
  return refused(
    'conflict',
    `"${user}" is linked to the user card of "${linkedTo}". Use that id, or delete the link with unlink-id.`,
  );
}

/** Returns the serial numbers that would move to the card, and the expired ones that would be released. */
function partsOf({ clock, tenant }: TenantContext, card: UserCard | undefined): readonly [string[], string[]] {
  const today = dayIn(tenant.settings.timeZone, clock.now());
  const notes = Object.entries(card?.assigned ?? {});
  const named = (isExpired: boolean) =>
    notes.flatMap(([serialNumber, note]) => ((termPhase(note, today) === 'expired') === isExpired ? serialNumber : []));
  return [named(false).toSorted(), named(true).toSorted()];
}

/** Ends the sessions of the other card and moves its licenses. Returns how many sessions ended. */
async function moveHoldings(
  deps: TenantContext,
  { user, linkedId, actor, command }: RequestOf<'link-id'>,
  card: UserCard | undefined,
  moved: Set<string>,
  released: Set<string>,
): Promise<number> {
  if (card === undefined) return 0;
  const who = { tenant: deps.tenant.tenantId, user: linkedId, actor, cause: 'disconnect' } as const;
  const isOpen = Object.keys(card.sessions).length > 0;
  const { ended } = isOpen ? await endSession(deps, deps.tenant.settings, who) : { ended: 0 };
  const [kept, expired] = partsOf(deps, card);
  for (const serialNumber of [...kept, ...expired]) {
    const isKept = kept.includes(serialNumber);
    const changed = await changeLicense(deps, { serialNumber, actor, command }, (license, today) => {
      if (license.assignedTo !== linkedId) return { kind: 'keep' };
      return { kind: 'apply', event: isKept ? { event: 'assign', user, today } : { event: 'release' } };
    });
    if (!isRefusal(changed)) (isKept ? moved : released).add(serialNumber);
  }
  return ended;
}

/**
 * Returns the writes of the link between both cards as they are now. They are refused when the other card has a session
 * or a license. Returns undefined when the link must be judged again.
 */
async function linkWrites(
  deps: TenantContext,
  request: RequestOf<'link-id'>,
  licenses: readonly string[],
): Promise<readonly Write[] | undefined> {
  const { clock, tenant } = deps;
  const { user, linkedId, actor, command } = request;
  const [main, other] = await readBoth(deps, request)();
  const { card } = main;
  if (card === undefined || other.marks?.linkedTo !== undefined) return undefined;
  if (refuseLink(request, main, other) !== undefined) return undefined;
  const change = { actor, cause: command, at: clock.now() };
  const { idleTimeout } = tenant.settings;
  // The marks of named sessions move to the card, so a late login of an ended session is still refused. A mark for all
  // sessions of the other id does not apply to the user's own sessions.
  const marks = other.card?.ended ?? other.marks?.ended ?? {};
  const named = namedSessions(Object.keys(marks)).map(sessionKey);
  const ended = named.reduce((all, key) => withMarks(all, [key], marks[key] ?? change.at), card.ended);
  const after: UserCard = {
    ...card,
    linkedIds: [...new Set([...(card.linkedIds ?? []), linkedId])],
    ended: neededMarks(ended, idleTimeout, clock.now()),
    change,
  };
  return [
    linkedIdWrite(tenant.tenantId, linkedId, user, other, licenses),
    userCardWrite(card, after, idleTimeout, sameMarks(card, after)),
  ];
}

function shownFormer({ tenant }: TenantContext, { card, marks }: FoundCard) {
  const former: FormerCard | undefined = card ?? marks?.was;
  if (former === undefined) return undefined;
  const { name, folderId, access, level } = former;
  return defined({ name, folder: pathOf(tenant.folders, folderId) ?? folderId, access, level });
}

/**
 * Deletes a link. The id gets back its former card, and the licenses that came with it, except those that the user no
 * longer has or is using.
 */
export async function unlinkId(deps: TenantContext, request: RequestOf<'unlink-id'>) {
  const { clock, tenant } = deps;
  const { user, linkedId, actor, command } = request;
  let former: readonly string[] = [];
  const done = { user, linkedId, unlinked: true };
  const unlinked = await updateOptimistically(
    deps,
    readBoth(deps, request),
    ([{ card }, { marks }]): Update<typeof done, typeof done | Refusal> => {
      if (card === undefined) return unchanged(unknownUser(user));
      if (marks?.linkedTo !== user) return card.linkedIds?.includes(linkedId) ? { kind: 'retry' } : unchanged(done);
      former = marks.was?.licenses ?? [];
      const change = { actor, cause: command, at: clock.now() };
      const left = (card.linkedIds ?? []).filter((id) => id !== linkedId);
      const { linkedIds: _, ...others } = card;
      const after: UserCard = { ...others, ...(left.length > 0 && { linkedIds: left }), change };
      const writes = [
        unlinkedIdWrite(tenant.tenantId, linkedId, marks, change),
        userCardWrite(card, after, tenant.settings.idleTimeout, []),
      ];
      return { kind: 'write', writes, after: done };
    },
  );
  if (isRefusal(unlinked)) return unlinked;
  const licenses: string[] = [];
  for (const serialNumber of former) {
    const changed = await changeLicense(deps, { serialNumber, actor, command }, (license, today) =>
      license.assignedTo === user
        ? { kind: 'apply', event: { event: 'assign', user: linkedId, today } }
        : { kind: 'keep' },
    );
    if (!isRefusal(changed) && changed.assignedTo === linkedId) licenses.push(serialNumber);
  }
  return { ...unlinked, licenses };
}
