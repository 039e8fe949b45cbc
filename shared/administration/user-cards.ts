import { sameValue } from '../licensing/clause.ts';
import { defined } from '../licensing/defined.ts';
import { folderAt, pathOf, Z_OLD } from '../licensing/folder-tree.ts';
import { licenseView } from '../licensing/license/license-view.ts';
import { newCard } from '../licensing/login/card-from-claims.ts';
import { licenseInformation } from '../licensing/login/license-information.ts';
import { isFound, peopleSearch } from '../licensing/login/search-words.ts';
import { lastSeenAt, type UserCard } from '../licensing/login/user-card.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { type Day, dayIn } from '../licensing/time.ts';
import type { LeaverNote } from '../licensing/vocabulary.ts';
import type { Key } from '../platform/ports/table.ts';
import { invalidRequest } from '../platform/validation.ts';
import { endSession } from '../sign-in/sessions/end-session.ts';
import { licenseKey, searchKey, userCardKey } from '../store/keys.ts';
import { type Update, unchanged, updateOptimistically } from '../store/optimistic-update.ts';
import { readLicenses } from '../store/read-license.ts';
import { type FoundCard, foundCard, readUserCard } from '../store/read-user-card.ts';
import { findUsers } from '../store/search-items.ts';
import { isRevised, newUserCard, userCardWrite } from '../store/write-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import { userCardList } from './card-targets.ts';
import type { TenantContext } from './deps.ts';
import { isLinked } from './linked-ids.ts';
import { decodeCursor, encodeCursor, type Page, type PageRequest, readPage } from './pages.ts';
import { isRefusal, type Refusal, refused, unknownFolder, unknownUser } from './refusal.ts';
import { viewSessions } from './sessions.ts';

/**
 * Creates a card, or changes the given fields of an existing one. A new card needs a folder, and is version 0 until it
 * exists.
 */
export async function putUserCard(deps: TenantContext, request: RequestOf<'put-user-card'>) {
  const { folder, ...facts } = request.card;
  const placed = findCardFolder(deps.tenant, folder);
  if (isRefusal(placed)) return placed;
  const create = folder === undefined ? withoutFolder : undefined;
  const card = await saveCard(deps, request, { ...facts, ...placed }, create);
  return isRefusal(card) ? card : viewCard(deps, card);
}

/** A change of a card: the actor, the user, and the version that the actor saw. */
export type CardRequest = {
  readonly user: string;
  readonly actor: string;
  readonly command: string;
  readonly expectedVersion?: number;
};

export type CardChange = Partial<Pick<UserCard, 'name' | 'folderId' | 'access' | 'level'>>;

/** Writes a changed card, or a new one unless `refuseNew` refuses it. Returns the card as it is then. */
export async function saveCard(
  deps: TenantContext,
  { actor, command, user, expectedVersion }: CardRequest,
  given: CardChange,
  refuseNew?: (user: string) => Refusal,
): Promise<UserCard | Refusal> {
  const { table, clock, tenant } = deps;
  const { idleTimeout } = tenant.settings;
  const read = () => readUserCard(table, tenant.tenantId, user);
  const decide = ({ card: before, marks }: FoundCard): Update<UserCard, UserCard | Refusal> => {
    const change = { actor, cause: command, at: clock.now() };
    const isStale = expectedVersion !== undefined && expectedVersion !== (before?.revision ?? 0);
    if (before === undefined) {
      if (marks?.linkedTo !== undefined) return unchanged(isLinked(user, marks.linkedTo));
      if (isStale) return unchanged(staleCard(before));
      if (refuseNew !== undefined) return unchanged(refuseNew(user));
      const after = changedCard(newCard(tenant, user, {}, marks, change), given);
      return { kind: 'write', writes: [newUserCard(after, marks, idleTimeout)], after };
    }
    if (isStale) return unchanged(staleCard(before));
    if (hasFacts(before, given)) return unchanged(before);
    const changed = { ...changedCard(before, given), change };
    const after = { ...changed, revision: before.revision + (isRevised(before, changed) ? 1 : 0) };
    return { kind: 'write', writes: [userCardWrite(before, after, idleTimeout, [])], after };
  };
  // A login may have changed the card after our write, so our write is recognized by the given facts.
  return updateOptimistically(deps, read, decide, ({ card }) => (card && hasFacts(card, given) ? card : undefined));
}

/** Finds the folder for a card. Returns no folder if the request names none. */
export function findCardFolder(
  { folders }: Tenant,
  folder: string | undefined,
): Partial<Pick<UserCard, 'folderId'>> | Refusal {
  if (folder === undefined) return {};
  const folderId = folderAt(folders, folder);
  if (folderId === undefined) return unknownFolder(folder);
  if (folderId !== Z_OLD) return { folderId };
  return refused('user-card-in-z-old', 'A user card cannot be in zOld, which is for licenses that wait for deletion.');
}

function withoutFolder(): Refusal {
  return invalidRequest([
    { place: 'card.folder', text: 'is missing: the user has no card yet, and a new card needs a folder' },
  ]);
}

/**
 * Returns the card with an administrator's change. A level that an administrator sets no longer comes from a claim,
 * even if it is the same.
 */
export function changedCard(card: UserCard, given: CardChange): UserCard {
  const { noAccessBy: _, ...own } = card;
  return { ...(given.level === undefined ? card : own), ...given };
}

/** Returns whether a card already has the facts. */
function hasFacts(card: UserCard, given: CardChange): boolean {
  return sameValue(card, changedCard(card, given));
}

/** Returns the card of a user, also by an id that is linked to it. */
export async function getUserCard(deps: TenantContext, { user }: RequestOf<'get-user-card'>) {
  const { table, tenant } = deps;
  const found = await readUserCard(table, tenant.tenantId, user);
  const linkedTo = found.marks?.linkedTo;
  const { card } = linkedTo === undefined ? found : await readUserCard(table, tenant.tenantId, linkedTo);
  return card === undefined ? unknownUser(user) : viewCard(deps, card);
}

/**
 * Lists cards by user id: all of the tenant, or those in one folder itself. `search` selects the users whose id begins
 * with the text, or whose name has words that begin with its words. Their order is that of the words. `without` selects
 * the cards without any license, and `leaver` those of users who, as a provider reports, were disabled or have left.
 */
export async function listUserCards(deps: TenantContext, request: RequestOf<'list-user-cards'>) {
  const { table, clock, tenant } = deps;
  const folderId = request.folder === undefined ? undefined : folderAt(tenant.folders, request.folder);
  if (request.folder !== undefined && folderId === undefined) return unknownFolder(request.folder);
  const today = dayIn(tenant.settings.timeZone, clock.now());
  const read = async (keys: readonly Key[]) =>
    (await table.getMany(keys))
      .flatMap((item) => foundCard(item).card ?? [])
      .filter((card) => folderId === undefined || card.folderId === folderId)
      .filter((card) => request.without === undefined || hasNoLicense(card))
      .filter((card) => request.leaver === undefined || isLeaver(card, request.leaver));
  const [index, partition] = userCardList(tenant.tenantId, folderId);
  const page =
    request.search === undefined
      ? await readPage(table, index, partition, request, read)
      : await searchPage(deps, { ...request, search: request.search }, read);
  if (isRefusal(page)) return page;
  const { entries, ...rest } = page;
  return { userCards: entries.map((card) => cardFacts(tenant, card, today)), ...rest };
}

/** Returns whether a user neither works on a license nor has one assigned. */
function hasNoLicense({ current, assigned }: UserCard): boolean {
  return current === undefined && Object.keys(assigned).length === 0;
}

function isLeaver({ leaver }: UserCard, wanted: LeaverNote | 'any'): boolean {
  return leaver !== undefined && (wanted === 'any' || leaver.note === wanted);
}

/**
 * Returns a page of the cards that a search finds. It reads the index by the longest word, and each card that the index
 * names. The first page also searches for an id that has other characters than letters and digits.
 */
async function searchPage(
  { table, tenant: { tenantId } }: TenantContext,
  { search, limit, cursor }: PageRequest & { readonly search: string },
  read: (keys: readonly Key[]) => Promise<readonly UserCard[]>,
): Promise<Page<UserCard> | Refusal> {
  const wanted = peopleSearch(search);
  if (wanted === undefined) return { entries: [] };
  const list = `search ${search}`;
  const start = cursor === undefined ? undefined : decodeCursor(cursor, list);
  if (start !== undefined && isRefusal(start)) return start;
  const cardsOf = async (users: readonly string[]) =>
    (await read([...new Set(users)].map((user) => userCardKey(tenantId, user)))).filter((card) =>
      isFound(card, wanted),
    );
  const word = wanted.words.toSorted((one, other) => other.length - one.length)[0] ?? wanted.id;
  const byId =
    start === undefined && wanted.id !== word ? await findUsers(table, tenantId, wanted.id, { limit }) : NOBODY;
  const entries = [...(await cardsOf(byId.users))];
  let after = start?.sk;
  for (let reads = 0; reads < MOST_READS; reads += 1) {
    const found = await findUsers(table, tenantId, word, { after, limit: limit - Math.min(entries.length, limit - 1) });
    const known = new Set(entries.map(({ user }) => user));
    entries.push(...(await cardsOf(found.users)).filter(({ user }) => !known.has(user)));
    after = found.next;
    if (after === undefined) return { entries };
    if (entries.length >= limit) break;
  }
  return { entries, cursor: encodeCursor(list, { pk: searchKey(tenantId, '', '').pk, sk: after ?? '' }) };
}

const NOBODY = { users: [] };

/** How often one page of a search reads the index. */
const MOST_READS = 10;

/**
 * Ends one session or all sessions of a user, as a logout would (R24). A user without sessions is not an error.
 * Sessions with a start in the future, from a provider whose clock is ahead, end as well: the administrator sees them
 * and wants to end them.
 */
export async function disconnect(deps: TenantContext, { actor, user, session }: RequestOf<'disconnect'>) {
  const { tenantId, settings } = deps.tenant;
  const named = session === undefined || session === null ? {} : { session };
  return endSession(deps, settings, { tenant: tenantId, user, ...named, actor, cause: 'disconnect' });
}

/** Refuses a change of a card that was changed, removed or created since the caller read it (F50). */
export function staleCard(card: UserCard | undefined) {
  const message = 'The user card was changed since you read it. Read it again before you change it.';
  return refused('stale-version', message, card === undefined ? {} : { version: card.revision });
}

async function viewCard({ table, clock, tenant }: TenantContext, card: UserCard) {
  const today = dayIn(tenant.settings.timeZone, clock.now());
  const { current, assigned, lastReceipt } = card;
  const serials = [...(current === undefined ? [] : [current.serialNumber]), ...Object.keys(assigned).toSorted()];
  const keys = [...new Set(serials)].map((serial) => licenseKey(tenant.tenantId, serial));
  const licenses = (await readLicenses(table, keys)).map((license) => licenseView(license, tenant.folders, today));
  const currentLicense = licenses.find((license) => license.serialNumber === current?.serialNumber);
  return defined({
    ...cardFacts(tenant, card, today),
    currentLicense,
    assignedLicenses: licenses.filter((license) => Object.hasOwn(assigned, license.serialNumber)),
    sessions: viewSessions(card).map(({ session, started, lastSeen }) => ({ session, started, lastSeen })),
    lastReceipt,
  });
}

function cardFacts(tenant: Tenant, card: UserCard, today: Day) {
  const { user, name, folderId, access, level, noAccessBy, leaver, linkedIds } = card;
  return defined({
    user,
    name,
    folder: pathOf(tenant.folders, folderId) ?? folderId,
    access,
    level,
    noAccessBy,
    leaver,
    linkedIds,
    lastSeen: lastSeenAt(card),
    licenseInformation: licenseInformation(card, today),
    version: card.revision,
  });
}
