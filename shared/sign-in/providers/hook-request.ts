import * as z from 'zod/mini';
import type { Instant } from '../../licensing/time.ts';
import type { KeySets } from './key-sets.ts';

export const DELIVERIES = ['http', 'lambda-invoke', 'eventbridge', 'action'] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** A call as it was received, before anything in it is trusted. */
export type HookRequest = {
  readonly delivery: Delivery;
  readonly method: string;
  /** Includes the query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** The raw text, over which signatures are made. */
  readonly body: string;
};

export type HookContext = { readonly now: Instant; readonly keySets: KeySets };

const text = z.string('must be text').check(z.minLength(1, 'must not be empty'));

/** Accepts one text, or a list of which any entry may fit, so that two are valid during a rotation. */
export function oneOrMore(entry: z.ZodMiniType<string, string>, otherwise: string) {
  return z.pipe(
    z.union([entry, z.array(entry).check(z.minLength(1, 'must not be empty'))], otherwise),
    z.transform((value): readonly string[] => (typeof value === 'string' ? [value] : value)),
  );
}

const listOfTexts = z.array(text, 'must be a list of texts');

/** Plain http is only for this machine, and `fetchJwks` fetches it only on the local stack. */
const jwks = z.union(
  [
    z.string().check(z.regex(/^(https:\/\/[^\s/]|http:\/\/127\.0\.0\.1:\d{1,5}\/)/)),
    z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }),
  ],
  'must be an https address or a key set { "keys": [ … ] }',
);

const texts = oneOrMore(text, 'must be a text or a list of texts');

/** The settings of a hook. Secrets are texts here, and references where they are stored. */
export function settingsShape(secret: typeof texts) {
  return {
    tenants: z._default(listOfTexts, []),
    authorization: z.optional(secret),
    secret: z.optional(secret),
    jwks: z.optional(jwks),
    issuer: z.optional(texts),
    audience: z.optional(texts),
    appId: z.optional(text),
    clientState: z.optional(secret),
    clientIds: z.optional(listOfTexts),
  };
}

/** A tenant's settings for its provider, with the secrets in place of their references. */
export const hookSettings = z.object(settingsShape(texts));

export type HookSettings = z.infer<typeof hookSettings>;

export function headersOf(given: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
}

export function queryOf({ path }: HookRequest): URLSearchParams {
  const at = path.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : path.slice(at + 1));
}

/** Returns undefined when the text is not JSON. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}
