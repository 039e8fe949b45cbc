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
import type { OneTenantRequest } from './administer-request.ts';
import type { CommandTarget } from './command-target.ts';
import type { AdministerDeps } from './deps.ts';
import { isRefusal } from './refusal.ts';

/**
 * Runs a command and writes its one entry (R49). The entry is written before the command changes anything, and
 * completed afterwards, so there is no change without an entry. It stays `begun` if the process dies or the outcome
 * cannot be stored. The entry of a refused command has the code of the refusal. A command that only reads has no entry.
 * Throws `TryAgain` if the entry cannot be written, before the command runs.
 */
export async function noted(
  deps: AdministerDeps,
  request: OneTenantRequest,
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
  { tenant, command, actor }: OneTenantRequest,
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
  // The random text distinguishes two commands of the same moment.
  const place = `${at}#${randomText(deps.random, 8)}`;
  return untilAnswered(deps, async () => {
    // The name is stored only if the hash has none. For an erased user it has the pseudonym, and an erasure that is
    // running overwrites the name a moment later.
    const known = await readNames(
      table,
      tenant,
      hashes.map(({ hash }) => hash),
    );
    const unknown = hashes.filter(({ hash }) => !known.has(hash));
    // The entry of an erasure must not store the name of the erased user.
    const named = command === 'erase-user' ? [] : unknown;
    const names = new Map(named.map(({ hash, name }) => [hash, nameWrite(tenant, hash, name)]));
    const { done } = await table.write([...commandWrites(place, entry, actor), ...names.values()]);
    return done ? place : undefined;
  });
}

/**
 * Returns the hashes of the people. They are the same in all attempts, so an erasure in between finds the entry by the
 * hash that it overwrites.
 */
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

const resultIds = z.object({
  version: z.catch(z.optional(z.union([z.number(), z.string()])), undefined),
  /** Ids that the command itself has chosen. */
  renewalId: z.catch(z.optional(z.string()), undefined),
  key: z.catch(z.optional(z.string()), undefined),
  feedId: z.catch(z.optional(z.string()), undefined),
});

async function endOf({ table, clock }: AdministerDeps, target: CommandTarget, answer: object): Promise<CommandEnd> {
  const finishedAt = clock.now();
  if (isRefusal(answer)) return { about: { ...target.about }, outcome: answer.error.code, finishedAt };
  const { version, renewalId, key, feedId } = resultIds.parse(answer);
  const toVersion = version ?? (target.item === undefined ? undefined : await versionAt(table, target.item));
  return defined({
    about: defined({
      renewalId,
      key,
      feedId,
      ...target.about,
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

/**
 * Returns the version of an item: of a renewal its plan and status, of a card its revision. The marks of a user without
 * a card have no version.
 */
function versionOfItem(item: Item): Version | undefined {
  if (item.sk === 'RENEWAL') return versionOf(renewalOf(item));
  const version = item['version'] ?? item['revision'];
  return typeof version === 'number' ? version : undefined;
}
