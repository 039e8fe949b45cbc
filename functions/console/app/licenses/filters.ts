import type { LicenseQuery } from '../api/queries.ts';
import type { LicenseState } from '../api/types.ts';
import { oneOf, someDay, someInstant, someText, yes } from '../shell/address-query.ts';

export const STATES = [
  'free',
  'assigned',
  'in-use',
  'releasing',
  'held-back',
  'set-aside',
  'expired',
  'not-yet-valid',
  'deleted',
] as const satisfies readonly LicenseState[];
export const TYPES = ['floating', 'dedicated'] as const;
export const ACCESS = ['write', 'read'] as const;
export const TABS = ['now', 'history', 'as-of'] as const;

/** What the address of the list may have. The folder `/` is the root, whose own path is empty. */
export const READINGS = {
  folder: someText,
  subfolders: yes,
  state: oneOf(STATES),
  type: oneOf(TYPES),
  access: oneOf(ACCESS),
  modules: someText,
  user: someText,
  before: someDay,
  sort: oneOf(['last-day']),
  warnings: yes,
  tab: oneOf(TABS),
  at: someInstant,
};

export type Filters = {
  readonly [Name in keyof typeof READINGS]?: NonNullable<ReturnType<(typeof READINGS)[Name]>> | undefined;
};

export const ROOT = '/';

/** Returns the filter that the API takes, for a list as well as for a change of all that match. */
export function toFilter({ folder, subfolders, state, type, access, modules, user, before }: Filters) {
  return {
    ...(folder !== undefined && { folder: folder === ROOT ? '' : folder }),
    ...(folder !== undefined && subfolders === true && { subfolders }),
    ...(state !== undefined && { state }),
    ...(type !== undefined && { type }),
    ...(access !== undefined && { access }),
    ...(modules !== undefined && { modules }),
    ...(user !== undefined && { user }),
    ...(before !== undefined && { expiringBefore: before }),
  } satisfies LicenseQuery;
}

export function toQuery(filters: Filters): LicenseQuery {
  return { ...toFilter(filters), ...(filters.sort === 'last-day' && { sortBy: 'expiresOn' as const }) };
}

/** The names of the filters that narrow the list, in the order of the bar. */
export const NARROWING = ['folder', 'state', 'type', 'access', 'modules', 'user', 'before'] as const;

/** Takes every filter away. */
export const NOTHING: Filters = {
  ...Object.fromEntries(NARROWING.map((name) => [name, undefined])),
  subfolders: undefined,
};
