import * as z from 'zod/mini';
import { defined } from '../licensing/defined.ts';
import type { Role } from '../licensing/vocabulary.ts';
import type { Item, Key, Table } from '../platform/ports/table.ts';
import { randomText } from '../platform/random.ts';
import { untilAnswered } from '../platform/retry.ts';
import { renewalOf } from '../renewals/renewal.ts';
import { versionOf } from '../renewals/renewal-view.ts';
import {
  type CommandEnd,
  type CommandEntry,
  commandEndWrite,
  commandWrites,
  type Version,
} from '../store/command-items.ts';
import { readErasures } from '../store/erasures.ts';
import { nameWrite, personHash, readNames } from '../store/named-people.ts';
import type { AdministerRequest } from './administer-request.ts';
import type { CommandTarget } from './command-target.ts';
import type { AdministerDeps } from './deps.ts';
import { isRefusal } from './refusal.ts';

/**
 * Does a command and leaves its one entry (R49): written before the command changes anything and completed after it, so
 * that no change is without one. The entry of a command that died, or whose end could not be noted, stays `begun`. A
 * command that only reads leaves none; one that is refused leaves its code. Throws `TryAgain` before the command began.
 */
export async function noted(
  deps: AdministerDeps,
  request: AdministerRequest,
  role: Role,
  target: CommandTarget | undefined,
  answer: () => Promise<object>,
): Promise<object> {
  if (target === undefined) return answer();
  const place = await begin(deps, request, role, target);
  const given = await answer();
  await deps.table.write([commandEndWrite(request.tenant, place, await endOf(deps, target, given))]);
  return given;
}

async function begin(
  deps: AdministerDeps,
  { tenant, command, actor }: AdministerRequest,
  role: Role,
  { about, people = {}, item }: CommandTarget,
): Promise<string> {
  const { table, clock, keyedHash } = deps;
  const at = clock.now();
  const hashes = await hashesOf(deps, tenant, people);
  const fromVersion = item === undefined ? undefined : await versionAt(table, item);
  const entry: CommandEntry = defined({
    tenant,
    command,
    at,
    role,
    actor: await keyedHash('actor', tenant, actor),
    about: { ...about },
    people: Object.fromEntries(hashes.map(({ as, hash }) => [as, hash])),
    outcome: 'begun',
    fromVersion,
  });
  // The random text tells two commands of the same moment apart.
  const place = `${at}#${randomText(deps.random, 8)}`;
  return untilAnswered(deps, async () => {
    // Of a user who is being erased the pseudonym stands there, or it is written over the name a moment later.
    const known = await readNames(
      table,
      tenant,
      hashes.map(({ hash }) => hash),
    );
    const untold = hashes.filter(({ hash }) => !known.has(hash));
    // The entry of an erasure names nobody.
    const told = command === 'erase-user' ? [] : untold;
    const names = new Map(told.map(({ hash, name }) => [hash, nameWrite(tenant, hash, name)]));
    const { done } = await table.write([...commandWrites(place, entry, actor), ...names.values()]);
    return done ? place : undefined;
  });
}

/** Fixed before the first try: an erasure that comes in between finds the entry under the hash that it writes over. */
async function hashesOf(deps: AdministerDeps, tenantId: string, people: Readonly<Record<string, string>>) {
  const named = Object.entries(people);
  const marks = await readErasures(
    deps,
    tenantId,
    named.map(([, name]) => name),
  );
  return Promise.all(
    named.map(async ([as, name], index) => ({
      as,
      name,
      hash: await personHash(deps.keyedHash, tenantId, name, marks[index]?.found),
    })),
  );
}

const told = z.object({
  version: z.catch(z.optional(z.union([z.number(), z.string()])), undefined),
  /** What the command itself has named. */
  renewalId: z.catch(z.optional(z.string()), undefined),
  key: z.catch(z.optional(z.string()), undefined),
});

async function endOf({ table, clock }: AdministerDeps, target: CommandTarget, answer: object): Promise<CommandEnd> {
  const finishedAt = clock.now();
  if (isRefusal(answer)) return { about: { ...target.about }, outcome: answer.error.code, finishedAt };
  const { version, renewalId, key } = told.parse(answer);
  const toVersion = version ?? (target.item === undefined ? undefined : await versionAt(table, target.item));
  return defined({
    about: defined({
      ...target.about,
      renewalId,
      key,
    }),
    outcome: 'done',
    finishedAt,
    toVersion,
  });
}

async function versionAt(table: Table, key: Key): Promise<Version | undefined> {
  const item = await table.get(key);
  return item === undefined ? undefined : versionOfItem(item);
}

/** A renewal's version is its plan and its status, a card's its revision; the marks of a user without a card have none. */
function versionOfItem(item: Item): Version | undefined {
  if (item.sk === 'RENEWAL') return versionOf(renewalOf(item));
  const version = item['version'] ?? item['revision'];
  return typeof version === 'number' ? version : undefined;
}
