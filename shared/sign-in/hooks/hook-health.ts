import * as z from 'zod/mini';
import { beginning } from '../../licensing/beginning.ts';
import { absent, any, atMost } from '../../licensing/clause.ts';
import { codesOf, type SentenceCode, sentence } from '../../licensing/sentences.ts';
import { type Instant, MINUTE, plus } from '../../licensing/time.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Item, Table } from '../../platform/ports/table.ts';
import { hookHealthKey } from '../../store/keys.ts';
import type { Outcome } from '../providers/hook-outcome.ts';
import type { Provider } from '../providers/providers.ts';

export type HookRefusalCode = SentenceCode<'hookRefusal'>;

/** The outcome of a call that was proven and readable. */
export const HOOK_ACCEPTED = ['events', 'ignore', 'protocol'] as const satisfies readonly Outcome[];

const stored = z.object({
  acceptedAt: z.exactOptional(z.string()),
  accepted: z.exactOptional(z.enum(HOOK_ACCEPTED)),
  refusedAt: z.exactOptional(z.string()),
  refused: z.exactOptional(z.enum(codesOf('hookRefusal'))),
  why: z.exactOptional(z.string()),
});

/**
 * What is known of the calls of a hook. Times are up to a minute older than the call, since not each call is stored.
 */
export type HookHealth = {
  readonly lastCall?: { readonly at: Instant; readonly outcome: (typeof HOOK_ACCEPTED)[number] };
  readonly lastRefusal?: { readonly at: Instant; readonly code: HookRefusalCode; readonly why: string };
};

export function hookHealthOf(item: Item | undefined): HookHealth {
  if (item === undefined) return {};
  const { acceptedAt, accepted, refusedAt, refused, why = '' } = stored.parse(item);
  return {
    ...(acceptedAt === undefined || accepted === undefined ? {} : { lastCall: { at: acceptedAt, outcome: accepted } }),
    ...(refusedAt === undefined || refused === undefined ? {} : { lastRefusal: { at: refusedAt, code: refused, why } }),
  };
}

export type NotedCall =
  | { readonly kind: 'accepted'; readonly outcome: (typeof HOOK_ACCEPTED)[number] }
  | { readonly kind: 'refused'; readonly code: HookRefusalCode; readonly why?: string };

/** Stores the outcome of a call of a hook. Never fails. */
export type NoteCall = (tenantId: string, provider: Provider, call: NotedCall) => Promise<void>;

const MOST_NOTED = 10_000;

/** No explanation of a provider's module is longer. */
const MOST_CHARACTERS = 300;

/**
 * Returns a function that stores the last accepted and the last refused call of a hook. A process writes each of them
 * once a minute at most, and so do all processes together, by the condition of the write. A write that fails is given
 * up, because the next call writes again.
 */
export function noteCallOn({ table, clock }: { readonly table: Table; readonly clock: Clock }): NoteCall {
  const noted = new Map<string, Instant>();
  return async (tenantId, provider, call) => {
    const now = clock.now();
    const aMinuteAgo = plus(now, -MINUTE);
    const name = `${call.kind} ${tenantId} ${provider}`;
    if ((noted.get(name) ?? '') > aMinuteAgo) return;
    if (noted.size >= MOST_NOTED) noted.clear();
    noted.set(name, now);
    const at = `${call.kind}At`;
    const value = call.kind === 'accepted' ? call.outcome : call.code;
    const why = call.kind === 'refused' ? (call.why ?? sentence('hookRefusal', call.code, {})) : undefined;
    const update = {
      update: hookHealthKey(tenantId, provider),
      set: [
        [at, now],
        [call.kind, value],
        ...(why === undefined ? [] : [['why', beginning(why, MOST_CHARACTERS)] as const]),
      ],
      onlyIf: [any(absent(at), atMost(at, aMinuteAgo))],
    } as const;
    await table.write([update]).catch(() => undefined);
  };
}
