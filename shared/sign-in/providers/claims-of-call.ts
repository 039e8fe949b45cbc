import * as z from 'zod/mini';
import { defined } from '../../licensing/defined.ts';
import type { Claims } from '../../licensing/login/card-from-claims.ts';
import { ACCESS, LEVELS } from '../../licensing/vocabulary.ts';
import { type HookRequest, parseJson } from './hook-request.ts';
import type { Provider } from './providers.ts';
import { displayName } from './session-event.ts';

/**
 * The paths by which a call has the claims for the user card and the display name, and the prefix of the claims' names.
 */
type ClaimPaths = { readonly claims?: readonly string[]; readonly prefix?: string; readonly name: readonly string[] };

/** Only claims that the user cannot write. Entra sends no claims of ours, and none of its own is a folder. */
const PATHS: Readonly<Partial<Record<Provider, ClaimPaths>>> = {
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
  const paths = PATHS[provider];
  const call = paths === undefined ? undefined : parseJson(body);
  if (paths === undefined || call === undefined) return {};
  const { claims, prefix = '', name } = paths;
  const at = (path: readonly string[]) => path.reduce(memberOf, call.value);
  const claim = (called: string) => (claims === undefined ? undefined : at([...claims, `${prefix}${called}`]));
  return defined({
    folder: folder.safeParse(claim('folder')).data,
    access: access.safeParse(claim('access')).data,
    level: level.safeParse(claim('level')).data,
    name: displayName.safeParse(at(name)).data,
  });
}

const anObject = z.record(z.string(), z.unknown());

function memberOf(value: unknown, name: string): unknown {
  const object = anObject.safeParse(value);
  return object.success && Object.hasOwn(object.data, name) ? object.data[name] : undefined;
}
