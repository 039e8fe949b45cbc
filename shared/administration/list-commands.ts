import { DAY, type Instant, plus } from '../licensing/time.ts';
import type { Item } from '../platform/ports/table.ts';
import { actorOfItem, type CommandEntry, commandEntryOf } from '../store/command-items.ts';
import { readErasures } from '../store/erasures.ts';
import { commandActorKey, commandKey } from '../store/keys.ts';
import { readNames } from '../store/named-people.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { cursorAt, readStart } from './pages.ts';
import { isRefusal } from './refusal.ts';

const LIST = 'commands';

/** How many months one page reads at most. */
const MOST_MONTHS = 24;
/** How many entries one page looks at, at most. */
const MOST_ENTRIES = 1_000;
/** The first month in which a command left an entry. */
const FIRST_MONTH = '2026-01';

const PLACE = /^\d{4}-(0[1-9]|1[0-2])(~$|-)/;

type CommandView = ReturnType<typeof viewCommand>;

/**
 * Lists the commands that changed something at the tenant (R49) and match all given members, the latest first. A page
 * looks at a thousand entries at most, so it may be short.
 */
export async function listCommands(deps: TenantContext, request: RequestOf<'list-commands'>) {
  const { clock } = deps;
  const start = readStart(request, LIST, (place) => PLACE.test(place));
  if (isRefusal(start)) return start;
  const { limit } = request;
  const isWanted = await commandFilter(deps, request);
  const commands: CommandView[] = [];
  let next: string | undefined = start.place ?? newestCommands(clock.now());
  for (let looked = 0; next !== undefined && commands.length < limit && looked < MOST_ENTRIES; ) {
    const size = limit - commands.length;
    const { items, next: following } = await readCommands(deps, next, size);
    commands.push(...(await viewCommands(deps, items)).filter(isWanted).map(({ shown }) => shown));
    looked += size;
    next = following;
    // So many months without entries are enough for one page.
    if (items.length < size) break;
  }
  return { commands, ...cursorAt(LIST, next) };
}

/**
 * Returns a function that returns whether a command is wanted. An actor is recognized by the name that is shown, and by
 * the hash of the name, which lasts longer. The hash of an erased user's name only finds what was done after the
 * erasure, by another user of that name (R47).
 */
async function commandFilter(deps: TenantContext, { by, name }: RequestOf<'list-commands'>) {
  const { tenantId } = deps.tenant;
  const hash = by === undefined ? undefined : await deps.keyedHash('actor', tenantId, by);
  const [erased] = by === undefined ? [] : await readErasures(deps, tenantId, [by]);
  const since = erased?.found?.erasedAt ?? '';
  return ({ shown, hash: of }: { readonly shown: CommandView; readonly hash: string }): boolean =>
    (name === undefined || shown.command === name) &&
    (by === undefined || shown.actor === by || (of === hash && shown.at > since));
}

/**
 * Reads the latest entries before a sort key, month by month. `next` is the sort key before which the next page begins.
 */
export async function readCommands(
  { table, tenant: { tenantId } }: TenantContext,
  start: string,
  limit: number,
): Promise<{ readonly items: readonly Item[]; readonly next?: string }> {
  const items: Item[] = [];
  let before = start;
  for (let months = 1; before.slice(0, 7) >= FIRST_MONTH; ) {
    const { pk } = commandKey(tenantId, before);
    // The range includes its end, so one more item is read.
    const page = await table.query({ pk, to: before, descending: true, limit: limit - items.length + 1 });
    const found = page.items.filter(({ sk }) => sk !== before).slice(0, limit - items.length);
    items.push(...found);
    const last = found.at(-1)?.sk;
    const isMore = page.more || found.length < page.items.filter(({ sk }) => sk !== before).length;
    if (isMore && last !== undefined) before = last;
    else before = endOfMonth(monthBefore(before));
    if (items.length === limit || (!isMore && months === MOST_MONTHS)) {
      return before.slice(0, 7) >= FIRST_MONTH ? { items, next: before } : { items };
    }
    if (!isMore) months += 1;
  }
  return { items };
}

/** Returns a sort key after the latest command. The clock of another machine may be some seconds ahead. */
export function newestCommands(now: Instant): string {
  return endOfMonth(plus(now, DAY));
}

function endOfMonth(instant: Instant): string {
  return `${instant.slice(0, 7)}~`;
}

function monthBefore(place: string): Instant {
  return plus(`${place.slice(0, 7)}-01T00:00:00.000Z`, -DAY);
}

async function viewCommands({ table, clock, tenant: { tenantId } }: TenantContext, items: readonly Item[]) {
  const entries = items.map(commandEntryOf);
  const actors = await table.getMany(items.map(({ sk }) => commandActorKey(tenantId, sk)));
  const names = await readNames(
    table,
    tenantId,
    entries.flatMap(({ people }) => Object.values(people)),
  );
  const now = clock.now();
  return entries.map((entry, index) => ({
    shown: viewCommand(entry, actorOfItem(actors[index], now), names),
    hash: entry.actor,
  }));
}

function viewCommand(
  { tenant: _, actor, people, about, ...entry }: CommandEntry,
  name: string | undefined,
  names: ReadonlyMap<string, string>,
) {
  const persons = Object.entries(people).map(([as, hash]) => [as, names.get(hash) ?? unnamed(hash)] as const);
  return { ...entry, actor: name ?? unnamed(actor), about: { ...about, ...Object.fromEntries(persons) } };
}

/** Returns a name for an unknown person. It is the same in all entries, and does not reveal who it is. */
function unnamed(hash: string): string {
  return `person-${hash.slice(0, 16)}`;
}
