import * as z from 'zod/mini';
import { type ErrorAnswer, faultOf, instant, invalidRequest } from '../../platform/validation.ts';
import type { HookOutcome, HookResponse } from './hook-outcome.ts';
import { DELIVERIES, headersOf, hookSettings, parseJson } from './hook-request.ts';
import { cachedKeySets, type FetchJwks } from './key-sets.ts';
import { PROVIDERS } from './providers.ts';
import { readHook } from './read-hook.ts';
import type { SessionEvent } from './session-event.ts';

const header = z.union(
  [
    z.string(),
    z.pipe(
      z.array(z.string()),
      z.transform((values) => values.join(', ')),
    ),
  ],
  'must be text',
);

/** Absent and null mean the same, because only some deliveries have these members. */
function orElse<T>(schema: z.ZodMiniType<T>, otherwise: T) {
  return z.pipe(
    z.nullish(schema),
    z.transform((given): T => given ?? otherwise),
  );
}

const question = z.object({
  provider: z.enum(PROVIDERS, `must be one of ${PROVIDERS.join(', ')}`),
  delivery: z.enum(DELIVERIES, `must be one of ${DELIVERIES.join(', ')}`),
  now: instant,
  method: orElse(z.string('must be text'), 'POST'),
  path: orElse(z.string('must be text'), ''),
  headers: orElse(z.record(z.string(), header, 'must be an object'), {}),
  body: z._default(z.string('must be the raw text'), ''),
  settings: z._default(hookSettings, { tenants: [] }),
});

/**
 * An event as it is shown: without the user's name and the application, and with `left` when the provider reports that
 * the user is gone.
 */
type ShownEvent = Omit<SessionEvent, 'name' | 'application' | 'leaver'> & { readonly left?: true };

export type HookExplained = {
  readonly outcome: HookOutcome['outcome'];
  readonly why: string;
  readonly events: readonly ShownEvent[];
  readonly rejected?: number;
  readonly response: HookResponse;
};

/** Returns how the hook would handle a call. The question is a JSON text. */
export async function explainHook(input: string, fetchJwks: FetchJwks): Promise<HookExplained | ErrorAnswer> {
  const parsed = parseJson(input);
  if (parsed === undefined) return invalidRequest([{ place: 'request', text: 'must be one JSON document' }]);
  const reading = z.safeParse(question, parsed.value, {
    error: ({ input: given }) => (given === undefined ? 'is missing' : 'does not fit'),
  });
  if (!reading.success) return invalidRequest(reading.error.issues.map(faultOf));
  const { provider, delivery, now, method, path, headers, body, settings } = reading.data;
  const request = { delivery, method: method.toUpperCase(), path, headers: headersOf(headers), body };
  const outcome = await readHook(provider, request, settings, { now, keySets: cachedKeySets(fetchJwks) });
  return { ...outcome, events: outcome.events.map(shown) };
}

function shown({ name: _, application: _application, leaver, ...event }: SessionEvent): ShownEvent {
  return leaver === undefined ? event : { ...event, left: true };
}
