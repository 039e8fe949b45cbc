import { encodeSegment } from '../../../functions/admin-api/path-segment.ts';

/** What the pages of a tenant show. */
export type Shown = {
  readonly serialNumber: string;
  /** A license that is assigned to a user. */
  readonly assigned: string;
  readonly user: string;
  /** A user whose last login was denied. */
  readonly denied: string;
  readonly folder: string;
};

/** Returns every page of a tenant, in its interesting states. */
export function pagesOf({ serialNumber, assigned, user, denied, folder }: Shown): readonly string[] {
  const query = (values: Readonly<Record<string, string>>) => new URLSearchParams(values).toString();
  const page = (name: string, of: string) => `${name}/${encodeSegment(of)}`;
  return [
    'today',
    'licenses',
    'licenses?warnings=yes',
    page('licenses', serialNumber),
    `${page('licenses', assigned)}?tab=history`,
    `${page('licenses', assigned)}?tab=as-of&at=2026-05-03T11:03:00.000Z`,
    'users',
    'users?q=nobody',
    'users?show=inactive',
    page('users', user),
    `${page('users', user)}?tab=history`,
    `${page('users', denied)}?tab=why`,
    'users/somebody%20new',
    'imports',
    'renewals',
    'why',
    `why?${query({ user: denied, folder: '/', access: 'read' })}`,
    `why?${query({ of: 'folder', folder })}`,
    'history',
    'history?kind=denied',
    `history/as-of?${query({ of: 'license', name: assigned })}`,
    'history/as-of?of=folder&name=%2F',
    'usage',
    'usage?tab=peaks',
    'usage?tab=denials',
    'usage?tab=needs',
    'expiry',
    'expiry?feeds=yes',
    'settings/general',
    'settings/folders',
    'settings/identity',
    'settings/identity/okta',
    'settings/webhook',
    'settings/audit',
  ];
}

export const PAGES_OF_OPERATORS = ['operate', 'operate?new=yes', 't/acme/settings/general'] as const;
