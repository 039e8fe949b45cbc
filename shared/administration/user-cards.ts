import { sameValue } from '../licensing/clause.ts';
import { defined } from '../licensing/defined.ts';
import { folderAt, pathOf, Z_OLD } from '../licensing/folder-tree.ts';
import { licenseView } from '../licensing/license/license-view.ts';
import { newCard } from '../licensing/login/card-from-claims.ts';
import { licenseInformation } from '../licensing/login/license-information.ts';
import { isFound, peopleSearch } from '../licensing/login/search-words.ts';
import { lastSeenAt, sessionOf, type UserCard } from '../licensing/login/user-card.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { type Day, dayIn } from '../licensing/time.ts';
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
import { cursorOf, type Page, type PageRequest, positionOf, readPage } from './pages.ts';
import { isRefusal, type Refusal, refused, unknownFolder, unknownUser } from './refusal.ts';

/**
 * Creates a card, or changes what is given of an existing one and keeps the rest. A new card needs a folder. Version 0
 * is that of no card.
 */
export async function putUserCard(deps: TenantContext, request: RequestOf<'put-user-card'>) {
  const { folder, ...facts } = request.card;
  const placed = findCardFolder(deps.tenant, folder);
  if (isRefusal(placed)) return placed;
  const create = folder === undefined ? withoutFolder : undefined;
  const card = await saveCard(deps, request, { ...facts, ...placed }, create);
  return isRefusal(card) ? card : viewCard(deps, card);
}

/** Who changes which card, with the version that they saw. */
export type CardRequest = {
  readonly user: string;
  readonly actor: string;
  readonly command: string;
  readonly expectedVersion?: number;
};

export type CardChange = Partial<Pick<UserCard, 'name' | 'folderId' | 'access' | 'level'>>;

/** Writes a changed card, or a new one unless `whyNotNew` refuses it. Returns the card as it is then. */
export async function saveCard(
  deps: TenantContext,
  { actor, command, user, expectedVersion }: CardRequest,
  given: CardChange,
  whyNotNew?: (user: string) => Refusal,
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
      if (whyNotNew !== undefined) return unchanged(whyNotNew(user));
      const after = changedCard(newCard(tenant, user, {}, marks, change), given);
      return { kind: 'write', writes: [newUserCard(after, marks, idleTimeout)], after };
    }
    if (isStale) return unchanged(staleCard(before));
    if (hasFacts(before, given)) return unchanged(before);
    const changed = { ...changedCard(before, given), change };
    const after = { ...changed, revision: before.revision + (isRevised(before, changed) ? 1 : 0) };
    return { kind: 'write', writes: [userCardWrite(before, after, idleTimeout, [])], after };
  };
  // A login may have changed the card since our write, so the facts that were given are what shows it.
  return updateOptimistically(deps, read, decide, ({ card }) => (card && hasFacts(card, given) ? card : undefined));
}

/** Returns the folder in which a card is to be; nothing when the request names none. */
export function findCardFolder(
  { folders }: Tenant,
  folder: string | undefined,
): Partial<Pick<UserCard, 'folderId'>> | Refusal {
  if (folder === undefined) return {};
  const folderId = folderAt(folders, folder);
  if (folderId === undefined) return unknownFolder(folder);
  if (folderId !== Z_OLD) return { folderId };
  return refused('user-card-in-z-old', 'A user card cannot be in zOld: it is for licenses that wait for deletion.');
}

function withoutFolder(): Refusal {
  return invalidRequest([
    { place: 'card.folder', text: 'is missing: there is no card of the user yet, and a new one needs a folder' },
  ]);
}

/** Returns the card as an administrator leaves it. A level that they give is theirs, also where a claim said the same. */
export function changedCard(card: UserCard, given: CardChange): UserCard {
  const { noAccessBy: _, ...own } = card;
  return { ...(given.level === undefined ? card : own), ...given };
}

/** Returns whether a card already has the facts. */
export function hasFacts(card: UserCard, given: CardChange): boolean {
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
 * Lists cards by user id: all of the tenant, or those in one folder itself. With `search`, those whose user id begins
 * with the text or whose name has words that begin with its words, in the order of the words.
 */
export async function listUserCards(deps: TenantContext, request: RequestOf<'list-user-cards'>) {
  const { table, clock, tenant } = deps;
  const folderId = request.folder === undefined ? undefined : folderAt(tenant.folders, request.folder);
  if (request.folder !== undefined && folderId === undefined) return unknownFolder(request.folder);
  const today = dayIn(tenant.settings.timeZone, clock.now());
  const read = async (keys: readonly Key[]) =>
    (await table.getMany(keys))
      .flatMap((item) => foundCard(item).card ?? [])
      .filter((card) => folderId === undefined || card.folderId === folderId);
  const [index, partition] = userCardList(tenant.tenantId, folderId);
  const page =
    request.search === undefined
      ? await readPage(table, index, partition, request, read)
      : await searchPage(deps, { ...request, search: request.search }, read);
  if (isRefusal(page)) return page;
  const { entries, ...rest } = page;
  return { userCards: entries.map((card) => cardFacts(tenant, card, today)), ...rest };
}

/**
 * Returns a page of the cards that a search finds. It reads the index by the longest word, and each card that the index
 * names. An id with other characters than letters and digits is searched for as well, on the first page.
 */
async function searchPage(
  { table, tenant: { tenantId } }: TenantContext,
  { search, limit, cursor }: PageRequest & { readonly search: string },
  read: (keys: readonly Key[]) => Promise<readonly UserCard[]>,
): Promise<Page<UserCard> | Refusal> {
  const wanted = peopleSearch(search);
  if (wanted === undefined) return { entries: [] };
  const list = `search ${search}`;
  const start = cursor === undefined ? undefined : positionOf(cursor, list);
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
  return { entries, cursor: cursorOf(list, { pk: searchKey(tenantId, '', '').pk, sk: after ?? '' }) };
}

const NOBODY = { users: [] };

/** How often one page of a search reads the index. */
const MOST_READS = 10;

/**
 * Ends sessions as a logout would (R24); of a user without any it ends none, and says so. Those too that began in the
 * future, at a provider whose clock is ahead of ours: the administrator sees them and wants them ended.
 */
export async function disconnect(deps: TenantContext, { actor, user, session }: RequestOf<'disconnect'>) {
  const { tenantId, settings } = deps.tenant;
  const named = session === undefined || session === null ? {} : { session };
  return endSession(deps, settings, { tenant: tenantId, user, ...named, actor, cause: 'disconnect' });
}

/** Nobody has seen this revision of the card: it was changed, removed or made since (F50). */
export function staleCard(card: UserCard | undefined) {
  const message = 'The user card was changed since you read it. Look at it again, then decide.';
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
    sessions: Object.entries(card.sessions).map(([key, { started, lastSeen }]) => ({
      session: sessionOf(key) ?? null,
      started,
      lastSeen,
    })),
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
