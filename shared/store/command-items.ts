import * as z from 'zod/mini';
import { equal } from '../licensing/clause.ts';
import { DAY, epochSeconds, type Instant, plus } from '../licensing/time.ts';
import { ROLES } from '../licensing/vocabulary.ts';
import type { Item, Write } from '../platform/ports/table.ts';
import { commandActorKey, commandKey } from './keys.ts';

/**
 * How long the actor of a command is named, in milliseconds. After that, only the hash shows which commands one person
 * gave.
 */
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
  /** Ids and names of fields. It holds no values and no names of people. */
  about,
  /** Hashes of the people whom the command is about, by their part in it. */
  people: z.record(z.string(), z.string()),
  /** `begun` until the outcome is known, then `done` or the code of the refusal. */
  outcome: z.string(),
  finishedAt: z.exactOptional(z.string()),
  fromVersion: z.exactOptional(version),
  toVersion: z.exactOptional(version),
});

/** One administrator's command that changes something (R49). */
export type CommandEntry = z.infer<typeof entry>;

export type Version = z.infer<typeof version>;

/** What is known once a command has ended. */
export type CommandEnd = Required<Pick<CommandEntry, 'about' | 'outcome' | 'finishedAt'>> &
  Pick<CommandEntry, 'toVersion'>;

/** Decodes the entry of a command. Throws for an item of another form. */
export function commandEntryOf(item: Item): CommandEntry {
  return entry.parse(item);
}

/** Returns the writes of the entry and, beside it, of the actor's name, which expires by itself. */
export function commandWrites(place: string, value: CommandEntry, actor: string): readonly Write[] {
  const namedUntil = plus(value.at, ACTOR_NAMED);
  return [
    { put: { ...value, ...commandKey(value.tenant, place) } },
    { put: { ...commandActorKey(value.tenant, place), actor, namedUntil, ttl: epochSeconds(namedUntil) } },
  ];
}

/**
 * Returns the write that completes an entry. It is refused for an entry that is already complete, so an entry never
 * changes again.
 */
export function commandEndWrite(tenantId: string, place: string, end: CommandEnd): Write {
  return {
    update: commandKey(tenantId, place),
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
