import { startOfDay } from '../licensing/cleanup-time.ts';
import { defined } from '../licensing/defined.ts';
import { branchOf, folderAt, idsOf } from '../licensing/folder-tree.ts';
import { newCard } from '../licensing/login/card-from-claims.ts';
import type { Receipt } from '../licensing/login/receipt.ts';
import type { UserCard } from '../licensing/login/user-card.ts';
import { type SentenceCode, sentence } from '../licensing/sentences.ts';
import { dayIn } from '../licensing/time.ts';
import type { Table } from '../platform/ports/table.ts';
import { invalidRequest } from '../platform/validation.ts';
import { type Foreseen, foreseeLogins, loginOf, type Moment } from '../sign-in/sessions/foresee-logins.ts';
import { receiptOf } from '../sign-in/sessions/login-receipt.ts';
import { partitions } from '../store/keys.ts';
import { walkIndex } from '../store/paging.ts';
import { foundCard, readUserCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { cursorAt, readStart } from './pages.ts';
import { isRefusal, type Refusal, unknownFolder } from './refusal.ts';
import { findCardFolder } from './user-cards.ts';

type Explained = Receipt & { readonly hasUserCard?: false };

/**
 * Returns the receipt that a login of the user would get now. It is judged by the same rules, and nothing is written. A
 * user without a card is judged as the new card would be, and `hasUserCard` is false.
 */
export async function explainLogin(
  deps: TenantContext,
  { user: named }: RequestOf<'explain-login'>,
): Promise<Explained> {
  const moment = { at: deps.clock.now(), isLater: false };
  const { card, hasUserCard } = await cardOf(deps, named, moment);
  const receipts: Explained[] = [];
  for await (const foreseen of foreseeLogins(deps.table, deps.tenant, moment, [card])) {
    receipts.push(receiptOfForeseen(deps, foreseen, moment));
  }
  const [receipt] = receipts;
  if (receipt === undefined) throw new Error('no login was foreseen');
  return hasUserCard ? receipt : { ...receipt, hasUserCard };
}

/**
 * Returns who would get which license, and who would be denied: for a user, for somebody new, or for everybody of a
 * folder, one after the other in the order of their ids, each taking from what is left. Nothing is written.
 *
 * It reads the cards of the people, and as many free licenses as they need: linear in the people, whatever the number
 * of licenses. For a later instant it also reads the cards of all sessions that are idle by then. All people are
 * counted for each page.
 */
export function explain(deps: TenantContext, request: RequestOf<'explain'>) {
  const { folder, at, day } = request;
  return folder === undefined && at === undefined && day === undefined
    ? explainAll(deps, request)
    : explainMany(deps, request);
}

const explainMany = oneAtATime(explainAll);

async function explainAll(deps: TenantContext, request: RequestOf<'explain'>) {
  const moment = momentOf(deps, request);
  if (isRefusal(moment)) return moment;
  const asked = await askedFor(deps, request, moment);
  if (isRefusal(asked)) return asked;
  const from = readStart(request, LIST, (place) => /^\d{1,9}$/.test(place));
  if (isRefusal(from)) return from;
  const start = Number(from.place ?? 0);

  const counts = { people: 0, allocated: 0, assigned: 0, continued: 0, denied: 0 };
  const denied: Record<string, number> = {};
  const people: ReturnType<typeof viewForeseen>[] = [];
  let listed = 0;
  for await (const foreseen of foreseeLogins(deps.table, deps.tenant, moment, asked.cards)) {
    const view = viewForeseen(deps, foreseen, moment);
    counts.people += 1;
    counts[view.outcome] += 1;
    if (view.reason !== undefined) denied[view.reason] = (denied[view.reason] ?? 0) + 1;
    if (request.outcome !== undefined && view.outcome !== request.outcome) continue;
    if (listed >= start && people.length < request.limit) people.push(view);
    listed += 1;
  }
  const end = start + people.length;
  return {
    at: moment.at,
    day: dayIn(deps.tenant.settings.timeZone, moment.at),
    assumptions: assumptionsOf(asked.kind, moment),
    counts,
    denied,
    people: people.map(({ user, ...view }) =>
      asked.kind === 'somebody' ? view : defined({ user, ...view, hasUserCard: asked.hasUserCard }),
    ),
    ...cursorAt(LIST, end < listed ? end : undefined),
  };
}

const LIST = 'explanation';

function momentOf({ clock, tenant }: TenantContext, { at, day }: RequestOf<'explain'>): Moment | Refusal {
  const now = clock.now();
  if (at !== undefined && day !== undefined) {
    return invalidRequest([{ place: 'day', text: 'must stand without `at`' }]);
  }
  const { timeZone } = tenant.settings;
  const asked = day === undefined || day === dayIn(timeZone, now) ? (at ?? now) : startOfDay(timeZone, day);
  if (asked < now) {
    const place = day === undefined ? 'at' : 'day';
    return invalidRequest([{ place, text: `must not be in the past: it is ${now}` }]);
  }
  return { at: asked, isLater: asked > now };
}

type Asked =
  | { readonly kind: 'user'; readonly cards: readonly UserCard[]; readonly hasUserCard?: false }
  /** A user without an id, who does not exist yet. */
  | { readonly kind: 'somebody'; readonly cards: readonly UserCard[]; readonly hasUserCard?: false }
  | { readonly kind: 'folder'; readonly cards: AsyncIterable<UserCard>; readonly hasUserCard?: never };

/** Returns whose logins the request asks for. */
async function askedFor(deps: TenantContext, request: RequestOf<'explain'>, moment: Moment): Promise<Asked | Refusal> {
  const { table, tenant } = deps;
  const { user, card: facts, folder, subfolders } = request;
  if (folder !== undefined && (user !== undefined || facts !== undefined)) {
    return invalidRequest([
      { place: 'folder', text: 'must stand without `user` and `card`: the folder of a card is `card.folder`' },
    ]);
  }
  if (folder !== undefined) {
    const folderId = folderAt(tenant.folders, folder);
    if (folderId === undefined) return unknownFolder(folder);
    const folderIds = subfolders ? branchOf(tenant.folders, folderId) : idsOf(tenant.folders, folderId);
    return { kind: 'folder', cards: cardsOfFolders(table, tenant.tenantId, folderIds) };
  }
  if (user === undefined && facts === undefined) {
    return invalidRequest([{ place: 'user', text: 'name a `user`, describe a `card`, or name a `folder`' }]);
  }
  const place = findCardFolder(tenant, facts?.folder);
  if (isRefusal(place)) return place;
  const { card, hasUserCard } = await cardOf(deps, user, moment);
  const { access = card.access, level = card.level } = facts ?? {};
  const cards = [{ ...card, ...place, access, level }];
  return { kind: user === undefined ? 'somebody' : 'user', cards, ...(hasUserCard ? {} : { hasUserCard }) };
}

/** Yields the cards in folders, folder by folder, in the order of the user ids. */
async function* cardsOfFolders(table: Table, tenantId: string, folderIds: readonly string[]): AsyncGenerator<UserCard> {
  for (const folderId of folderIds) {
    for await (const items of walkIndex(table, 'by-folder', partitions.userCardsOfFolder(tenantId, folderId))) {
      // The index lags, so a card may have left the folder.
      yield* items.flatMap((item) => foundCard(item).card ?? []).filter((card) => card.folderId === folderId);
    }
  }
}

/** Returns the card of a user, also by a linked id. Without a card, returns the card that a login would create. */
async function cardOf({ table, tenant }: TenantContext, user: string | undefined, { at }: Moment) {
  const { tenantId } = tenant;
  const found = user === undefined ? {} : await readUserCard(table, tenantId, user);
  const linkedTo = found.marks?.linkedTo;
  const { card, marks } = linkedTo === undefined ? found : await readUserCard(table, tenantId, linkedTo);
  if (card !== undefined) return { card, hasUserCard: true } as const;
  const change = { actor: 'explain', cause: 'explain', at };
  return { card: newCard(tenant, user ?? '', {}, marks, change), hasUserCard: false } as const;
}

function receiptOfForeseen({ tenant }: TenantContext, { card, decision }: Foreseen, { at }: Moment): Receipt {
  return receiptOf(decision, tenant.folders, loginOf(card.user, at), 1);
}

function viewForeseen(deps: TenantContext, foreseen: Foreseen, moment: Moment) {
  const { attempts: _, session: _s, at: _a, ...receipt } = receiptOfForeseen(deps, foreseen, moment);
  return defined({ name: foreseen.card.name, ...receipt });
}

function assumptionsOf(kind: Asked['kind'], { isLater }: Moment) {
  const codes: readonly SentenceCode<'explanation'>[] = [
    'any-free-license',
    ...(kind === 'folder' ? (['in-this-order'] as const) : []),
    ...(isLater ? (['nothing-else-changes', 'idle-sessions-end'] as const) : []),
  ];
  return codes.map((code) => ({ code, text: sentence('explanation', code, {}) }));
}
