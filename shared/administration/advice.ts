import { draining } from '../licensing/advice/draining.ts';
import { EXPIRY_NOTICES, expiringSoon } from '../licensing/advice/expiring-soon.ts';
import { layoutCheck } from '../licensing/advice/layout-check.ts';
import { dayAfter } from '../licensing/cleanup-time.ts';
import { pathOf } from '../licensing/folder-tree.ts';
import { licenseView } from '../licensing/license/license-view.ts';
import { dayIn } from '../licensing/time.ts';
import type { Item, Key, Table } from '../platform/ports/table.ts';
import { licenseOf } from '../store/items.ts';
import { endOfRange, partitions } from '../store/keys.ts';
import { walkIndex } from '../store/paging.ts';
import { foundCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { withNames } from './names.ts';
import { readPage } from './pages.ts';
import { isRefusal } from './refusal.ts';

/** Returns the warnings about the layout (R44), each with its number of cases and the first hundred names. */
export async function checkLayout({ table, clock, tenant }: TenantContext) {
  const check = layoutCheck(tenant.settings, dayIn(tenant.settings.timeZone, clock.now()));
  for await (const items of walkIndex(table, 'by-tenant', partitions.licensesOfTenant(tenant.tenantId))) {
    for (const item of items) check.addLicense(licenseOf(item));
  }
  for await (const items of walkIndex(table, 'by-tenant', partitions.userCardsOfTenant(tenant.tenantId))) {
    for (const { card } of items.map(foundCard)) if (card !== undefined) check.addUserCard(card);
  }
  const warnings = check.warnings().map(({ warning, folderId, ...rest }) => ({
    warning,
    folder: pathOf(tenant.folders, folderId) ?? folderId,
    ...rest,
  }));
  return { warnings };
}

/** Lists the licenses that end within some days, by their last day, with the users concerned (R45). */
export async function listExpiring(deps: TenantContext, request: RequestOf<'list-expiring'>) {
  const { table, clock, tenant } = deps;
  const today = dayIn(tenant.settings.timeZone, clock.now());
  const { within = EXPIRY_NOTICES.at(-1) ?? 0, ...page } = request;
  const range = { from: today, to: endOfRange(`${dayAfter(today, within)}#`) };
  const ofTenant = partitions.licensesOfTenant(tenant.tenantId);
  const found = await readPage(
    table,
    'by-expiry',
    ofTenant,
    page,
    async (keys) =>
      (await readItems(table, keys)).map(licenseOf).flatMap((license) => {
        const soon = expiringSoon(license, today);
        if (soon === undefined || soon.daysLeft > within) return [];
        return { ...licenseView(license, tenant.folders, today), ...soon };
      }),
    range,
  );
  if (isRefusal(found)) return found;
  const { entries, ...rest } = found;
  return { licenses: await withNames(deps, entries), ...rest };
}

/** Lists the licenses that are releasing or set aside and still in use, with the user and the time since when. */
export async function listDraining(deps: TenantContext, request: RequestOf<'list-draining'>) {
  const { table, clock, tenant } = deps;
  const today = dayIn(tenant.settings.timeZone, clock.now());
  const ofTenant = partitions.licensesOfTenant(tenant.tenantId);
  const found = await readPage(table, 'by-tenant', ofTenant, request, async (keys) =>
    (await readItems(table, keys)).map(licenseOf).flatMap((license) => {
      const drains = draining(license, tenant.settings, today);
      return drains === undefined ? [] : { ...licenseView(license, tenant.folders, today), ...drains };
    }),
  );
  if (isRefusal(found)) return found;
  const { entries, ...rest } = found;
  return { licenses: await withNames(deps, entries), ...rest };
}

async function readItems(table: Table, keys: readonly Key[]): Promise<readonly Item[]> {
  return (await table.getMany(keys)).flatMap((item) => item ?? []);
}
