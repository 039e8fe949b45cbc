import * as z from 'zod/mini';
import { type ErrorAnswer, faultOf, instant, invalidRequest } from '../runtime/decoding.ts';
import type { HookOutcome } from './hook-outcome.ts';
import { DELIVERIES, headersOf, hookSettings, parseJson } from './hook-request.ts';
import { cachedKeySets, type FetchJwks } from './key-sets.ts';
import { PROVIDERS } from './providers.ts';
import { delivers, readHook } from './read-hook.ts';

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

/** Absent and null are one: only some deliveries have these. */
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

/** What the service makes of a call: the question as JSON text, the answer as the hook itself would judge it. */
export async function explainHook(input: string, fetchJwks: FetchJwks): Promise<HookOutcome | ErrorAnswer> {
  const parsed = parseJson(input);
  if (parsed === undefined) return invalidRequest([{ place: 'request', text: 'must be one JSON document' }]);
  const reading = z.safeParse(question, parsed.value, {
    error: ({ input: given }) => (given === undefined ? 'is missing' : 'does not fit'),
  });
  if (!reading.success) return invalidRequest(reading.error.issues.map(faultOf));
  const { provider, delivery, now, method, path, headers, body, settings } = reading.data;
  if (!delivers(provider, delivery)) {
    return invalidRequest([{ place: 'delivery', text: `${provider} does not come by ${delivery}` }]);
  }
  const request = { delivery, method: method.toUpperCase(), path, headers: headersOf(headers), body };
  return readHook(provider, request, settings, { now, keySets: cachedKeySets(fetchJwks) });
}
