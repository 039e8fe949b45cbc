import * as z from 'zod/mini';
import { defined } from '../../licensing/defined.ts';
import type { Claims } from '../../licensing/login/card-from-claims.ts';
import { ACCESS, LEVELS } from '../../licensing/vocabulary.ts';
import { type HookRequest, parseJson } from './hook-request.ts';
import type { Provider } from './providers.ts';
import { displayName } from './session-event.ts';

/**
 * Where a call has the claims for the user card, and the name: the place of the claims, the prefix of their names, and
 * the place of the name.
 */
type Place = { readonly claims?: readonly string[]; readonly prefix?: string; readonly name: readonly string[] };

/** Only claims that the user cannot write. Entra sends no claims of ours, and none of its own is a folder. */
const PLACES: Readonly<Partial<Record<Provider, Place>>> = {
  cognito: {
    claims: ['request', 'userAttributes'],
    prefix: 'custom:esm_',
    name: ['request', 'userAttributes', 'name'],
  },
  okta: { claims: ['data', 'identity', 'claims'], prefix: 'esm_', name: ['data', 'identity', 'claims', 'name'] },
  entra: { name: ['data', 'authenticationContext', 'user', 'displayName'] },
  auth0: { claims: ['user', 'app_metadata'], prefix: 'esm_', name: ['user', 'name'] },
  'standard-webhooks': { claims: ['data', 'claims'], prefix: '', name: ['data', 'claims', 'name'] },
};

/** A path like everywhere else: an empty one is the root. */
const folder = z.string().check(
  z.maxLength(1_024),
  z.refine((text) => text.isWellFormed()),
);
const access = z.enum(ACCESS);
const level = z.enum(LEVELS);

/**
 * Returns what a proven call of one user says about their card: folder, access, level and name. Leaves out what does
 * not fit, so that nobody's login fails for it. Batches say nothing about cards.
 */
export function claimsOfCall(provider: Provider, { body }: HookRequest): Claims {
  const place = PLACES[provider];
  const call = place === undefined ? undefined : parseJson(body);
  if (place === undefined || call === undefined) return {};
  const { claims, prefix = '', name } = place;
  const at = (names: readonly string[]) => names.reduce(memberOf, call.value);
  const claim = (called: string) => (claims === undefined ? undefined : at([...claims, `${prefix}${called}`]));
  const said = {
    folder: folder.safeParse(claim('folder')).data,
    access: access.safeParse(claim('access')).data,
    level: level.safeParse(claim('level')).data,
    name: displayName.safeParse(at(name)).data,
  };
  return defined({
    folder: said.folder,
    access: said.access,
    level: said.level,
    name: said.name,
  });
}

const anObject = z.record(z.string(), z.unknown());

function memberOf(value: unknown, name: string): unknown {
  const object = anObject.safeParse(value);
  return object.success && Object.hasOwn(object.data, name) ? object.data[name] : undefined;
}
