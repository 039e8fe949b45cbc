import * as z from 'zod/mini';
import { equal } from '../licensing/clause.ts';
import type { HistoryEntry } from '../licensing/history/history.ts';
import type { Key, Table } from '../platform/ports/table.ts';
import { commandEntryOf } from '../store/command-items.ts';
import type { Erasure } from '../store/erasures.ts';
import { change } from '../store/items.ts';
import { hookPartition, licenseKey, tenantKey, userCardKey, webhookKey } from '../store/keys.ts';
import { readNames } from '../store/named-people.ts';
import type { TenantContext } from './deps.ts';
import { newestCommands, readCommands } from './list-commands.ts';

const PAGE = 500;

const changed = z.object({ change });

/**
 * Replaces an erased person by the pseudonym in an item that shows who changed it last. The item stays as it is when
 * somebody else has changed it since, or a later user of the same name.
 */
export async function eraseLastChange(
  table: Table,
  key: Key,
  user: string,
  { pseudonym, erasedAt }: Erasure,
): Promise<void> {
  const reading = changed.safeParse(await table.get(key));
  if (!reading.success) return;
  const { actor, at } = reading.data.change;
  if (actor !== user || at > erasedAt) return;
  const onlyIf = [equal(['change', 'actor'], user), equal(['change', 'at'], at)];
  await table.write([{ update: key, set: [[['change', 'actor'], pseudonym]], onlyIf }]);
}

/** Returns the keys of a license that the person changed, and of the cards of its users, which were changed with it. */
export function changedWith(tenantId: string, entry: HistoryEntry, user: string): readonly Key[] {
  if (entry.kind !== 'license' || entry.change.actor !== user) return [];
  const { serialNumber, before, after } = entry;
  const users = [before, after].flatMap((facts) => [facts?.assignedTo ?? [], facts?.currentUser ?? []].flat());
  return [licenseKey(tenantId, serialNumber), ...users.map((one) => userCardKey(tenantId, one))];
}

/**
 * Erases the person from settings and hooks, which are few, and from the cards that the person's commands were about.
 */
export async function eraseFromSettingsAndCards(deps: TenantContext, user: string, erasure: Erasure): Promise<void> {
  const { table, keyedHash } = deps;
  const { tenantId } = deps.tenant;
  const { items } = await table.query({ pk: hookPartition(tenantId) });
  const hooks = items.map(({ pk, sk }) => ({ pk, sk }));
  for (const key of [tenantKey(tenantId), webhookKey(tenantId), ...hooks])
    await eraseLastChange(table, key, user, erasure);
  const actor = await keyedHash('actor', tenantId, user);
  for (let before: string | undefined = newestCommands(deps.clock.now()); before !== undefined; ) {
    const page = await readCommands(deps, before, PAGE);
    const theirs = page.items.map(commandEntryOf).filter((entry) => entry.actor === actor);
    const names = await readNames(
      table,
      tenantId,
      theirs.flatMap(({ people }) => Object.values(people)),
    );
    for (const name of names.values()) await eraseLastChange(table, userCardKey(tenantId, name), user, erasure);
    before = page.next;
  }
}
