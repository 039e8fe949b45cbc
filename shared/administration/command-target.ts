import { defined } from '../licensing/defined.ts';
import type { Key } from '../platform/ports/table.ts';
import { hookKey, licenseKey, renewalKey, tenantKey, userCardKey, webhookKey } from '../store/keys.ts';
import type { RequestOf } from './administer-request.ts';

type About = Readonly<Record<string, string | number | readonly string[]>>;

/**
 * What a command that changes something is about, for its entry in the audit trail (R49). `about` holds ids, and the
 * names of the fields that change. It never holds the value of a setting, a file or the reference of a secret. People
 * are listed apart, because they can be erased.
 */
export type CommandTarget = {
  readonly about: About;
  readonly people?: Readonly<Record<string, string>>;
  /** The item whose versions the entry shows. */
  readonly item?: Key;
};

type OfTenant = { readonly tenant: string };

/** For a command that only reads. It leaves no entry. */
export function readsOnly(): undefined {
  return undefined;
}

export function settingsTarget({ tenant, settings }: OfTenant & { readonly settings: object }): CommandTarget {
  return { about: { members: Object.keys(settings) }, item: tenantKey(tenant) };
}

export function folderTarget({ tenant }: OfTenant, about: About): CommandTarget {
  return { about, item: tenantKey(tenant) };
}

export function cardTarget({ tenant, user }: OfTenant & { readonly user: string }, about: About = {}): CommandTarget {
  return { about, people: { user }, item: userCardKey(tenant, user) };
}

export function linkTarget({
  tenant,
  user,
  linkedId,
}: OfTenant & { readonly user: string; readonly linkedId: string }): CommandTarget {
  return { about: {}, people: { user, linkedId }, item: userCardKey(tenant, user) };
}

export function cardsTarget({ change, to, preview }: RequestOf<'change-user-cards'>): CommandTarget | undefined {
  if (preview) return undefined;
  const chosen = 'users' in to ? { users: to.users.length } : { 'to.folder': to.folder };
  return { about: { members: Object.keys(change), ...defined({ folder: change.folder }), ...chosen } };
}

export function licenseTarget(
  { tenant, serialNumber }: OfTenant & { readonly serialNumber: string },
  about: About = {},
): CommandTarget {
  return { about: { serialNumber, ...about }, item: licenseKey(tenant, serialNumber) };
}

export function licensesTarget(request: RequestOf<'change-licenses'>): CommandTarget | undefined {
  const { change, licenses, changes, filter = {}, preview } = request;
  if (preview) return undefined;
  const { user, ...others } = filter;
  const listed = licenses ?? changes;
  const filters = Object.entries(defined(others)).map(([name, value]) => [`filter.${name}`, String(value)]);
  const about = {
    ...Object.fromEntries(filters),
    ...(listed && namedLicenses(listed.map(({ serialNumber }) => serialNumber))),
    ...(changes && { actions: [...new Set(changes.map((one) => one.change.action))] }),
    ...(change && { action: change.action }),
    ...(change?.action === 'move' ? { folder: change.folder } : {}),
  };
  return {
    about,
    people: defined({ user: change?.action === 'assign' ? change.user : undefined, 'filter.user': user }),
  };
}

export function assignmentsTarget(request: RequestOf<'assign-each'>): CommandTarget | undefined {
  const { access, modules, from, to, preview } = request;
  if (preview) return undefined;
  const chosen = 'users' in to ? { users: to.users.length } : { folder: to.folder };
  return { about: { access, modules, ...defined({ from }), ...chosen } };
}

export function uploadTarget(
  { area, folder }: { readonly area: string; readonly folder?: string },
  about: About = {},
): CommandTarget {
  return { about: { ...about, area, ...defined({ folder }) } };
}

export function downloadTarget({ key, importId }: RequestOf<'create-download'>): CommandTarget {
  return { about: defined({ key, importId }) };
}

export function planTarget(request: RequestOf<'plan-renewal'>): CommandTarget {
  const { tenant, renewalId, expiringOnOrBefore, serialNumbers, upload, mode } = request;
  const about = {
    ...defined({ renewalId, expiringOnOrBefore, upload, mode }),
    ...(serialNumbers && namedLicenses(serialNumbers)),
  };
  return defined({ about, item: renewalId === undefined ? undefined : renewalKey(tenant, renewalId) });
}

export function renewalTarget(
  { tenant, renewalId }: OfTenant & { readonly renewalId: string },
  about: About = {},
): CommandTarget {
  return { about: { renewalId, ...about }, item: renewalKey(tenant, renewalId) };
}

export function hookTarget(
  { tenant, provider }: Pick<RequestOf<'put-hook'>, 'tenant' | 'provider'>,
  about: About = {},
): CommandTarget {
  return { about: { provider, ...about }, item: hookKey(tenant, provider) };
}

export function webhookTarget({ tenant }: OfTenant, about: About = {}): CommandTarget {
  return { about, item: webhookKey(tenant) };
}

/** How many serial numbers an entry lists at most. It also counts all of them. */
const MOST_NAMED = 100;

export function namedLicenses(serialNumbers: readonly string[]): About {
  return { licenses: serialNumbers.length, serialNumbers: serialNumbers.slice(0, MOST_NAMED) };
}
