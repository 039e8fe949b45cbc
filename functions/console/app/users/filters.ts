import { oneOf, someText, useAddressQuery } from '../shell/address-query.ts';
import type { CardQuery } from './user-queries.ts';

/** Which users show: all, those without any license, those who left or are disabled, or those who hold licenses in vain. */
export const SHOWN = ['all', 'without-license', 'leavers', 'inactive'] as const;
export const INACTIVE_DAYS = ['30', '90', '180', '365'] as const;
const TABS = ['now', 'why', 'history'] as const;

const READINGS = {
  q: someText,
  folder: someText,
  show: oneOf(SHOWN),
  days: oneOf(INACTIVE_DAYS),
  tab: oneOf(TABS),
};

/** In the address, `/` is the root, whose own path is empty. */
const ROOT = '/';
export const toPath = (folder: string) => (folder === ROOT ? '' : folder);
export const fromPath = (path: string) => (path === '' ? ROOT : path);

export const useUserFilters = () => useAddressQuery(READINGS);
export type Filters = ReturnType<typeof useUserFilters>[0];

export function toQuery({ q, folder, show }: Filters): CardQuery {
  return {
    ...(q !== undefined && { search: q }),
    ...(folder !== undefined && { folder: toPath(folder) }),
    ...(show === 'without-license' && { without: 'license' as const }),
    ...(show === 'leavers' && { leaver: 'any' as const }),
  };
}
