import * as z from 'zod/mini';
import { equal } from '../licensing/clause.ts';
import { DAY, epochSeconds, type Instant, plus } from '../licensing/time.ts';
import { ROLES } from '../licensing/vocabulary.ts';
import type { Item, Write } from '../platform/ports/table.ts';
import { commandActorKey, commandKey } from './keys.ts';

/** Who gave a command is named for so long; then the hash alone tells which commands one person gave. */
const ACTOR_NAMED = 400 * DAY;

const version = z.union([z.number(), z.string()]);
const about = z.record(z.string(), z.union([z.string(), z.number(), z.readonly(z.array(z.string()))]));

const entry = z.object({
  tenant: z.string(),
  command: z.string(),
  at: z.string(),
  role: z.enum(ROLES),
  /** A hash of the actor. */
  actor: z.string(),
  /** Ids and names of members; no values, and nobody's name. */
  about,
  /** Hashes of the people whom the command is about, by what they are in it. */
  people: z.record(z.string(), z.string()),
  /** `begun` until it is known what came of it; then `done`, or the code of the refusal. */
  outcome: z.string(),
  finishedAt: z.exactOptional(z.string()),
  fromVersion: z.exactOptional(version),
  toVersion: z.exactOptional(version),
});

/** One administrator's command that changes something (R49). */
export type CommandEntry = z.infer<typeof entry>;

export type Version = z.infer<typeof version>;

/** What is known when a command has ended. */
export type CommandEnd = Required<Pick<CommandEntry, 'about' | 'outcome' | 'finishedAt'>> &
  Pick<CommandEntry, 'toVersion'>;

export function commandEntryOf(item: Item): CommandEntry {
  return entry.parse(item);
}

/** The entry, and beside it the actor's name, which ends by itself. */
export function commandWrites(place: string, value: CommandEntry, actor: string): readonly Write[] {
  const namedUntil = plus(value.at, ACTOR_NAMED);
  return [
    { put: { ...value, ...commandKey(value.tenant, place) } },
    { put: { ...commandActorKey(value.tenant, place), actor, namedUntil, ttl: epochSeconds(namedUntil) } },
  ];
}

/** An entry is completed once, and never changed after that. */
export function commandEndWrite(tenant: string, place: string, end: CommandEnd): Write {
  return {
    update: commandKey(tenant, place),
    set: Object.entries(end),
    onlyIf: [equal('outcome', 'begun')],
  };
}

const named = z.object({ actor: z.string(), namedUntil: z.string() });

/** Reads the actor's name as long as it may be shown. DynamoDB's TTL is lazy, so the time is compared here. */
export function actorOfItem(item: Item | undefined, now: Instant): string | undefined {
  if (item === undefined) return undefined;
  const { actor, namedUntil } = named.parse(item);
  return now < namedUntil ? actor : undefined;
}
