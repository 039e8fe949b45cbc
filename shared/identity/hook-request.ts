import * as z from 'zod/mini';
import type { Instant } from '../licensing/time.ts';
import type { KeySets } from './key-sets.ts';

export const DELIVERIES = ['http', 'lambda-invoke', 'eventbridge', 'action'] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** A call as it came, before anything is believed of it. */
export type HookRequest = {
  readonly delivery: Delivery;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** The raw text: signatures are of it. */
  readonly body: string;
};

export type HookContext = { readonly now: Instant; readonly keySets: KeySets };

const text = z.string('must be text').check(z.minLength(1, 'must not be empty'));

/** One text, or a list of which any entry fits, so that two are active during a rotation. */
const oneOrMore = z.pipe(
  z.union([text, z.array(text).check(z.minLength(1, 'must not be empty'))], 'must be a text or a list of texts'),
  z.transform((value): readonly string[] => (typeof value === 'string' ? [value] : value)),
);

const listOfTexts = z.array(text, 'must be a list of texts');

const jwks = z.union(
  [z.string().check(z.regex(/^https:\/\/[^\s/]/)), z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })],
  'must be an https address or a key set { "keys": [ … ] }',
);

/** What a tenant configures for its provider, the secrets' references already followed. */
export const hookSettings = z.object({
  tenants: z._default(listOfTexts, []),
  authorization: z.optional(oneOrMore),
  secret: z.optional(oneOrMore),
  jwks: z.optional(jwks),
  issuer: z.optional(oneOrMore),
  audience: z.optional(oneOrMore),
  appId: z.optional(text),
  clientState: z.optional(oneOrMore),
  clientIds: z.optional(listOfTexts),
});

export type HookSettings = z.infer<typeof hookSettings>;

export function headersOf(given: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
}

export function queryOf({ path }: HookRequest): URLSearchParams {
  const at = path.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : path.slice(at + 1));
}

/** Undefined when the text is not JSON. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}

export const NOT_JSON = 'the body is not JSON';
