import { inactiveHolder } from '../licensing/advice/inactive-holder.ts';
import { defined } from '../licensing/defined.ts';
import { folderAt, pathOf } from '../licensing/folder-tree.ts';
import { licenseView } from '../licensing/license/license-view.ts';
import { DAY, dayIn, plus } from '../licensing/time.ts';
import { licenseKey } from '../store/keys.ts';
import { readLicenses } from '../store/read-license.ts';
import { foundCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import { userCardList } from './card-targets.ts';
import type { TenantContext } from './deps.ts';
import { readPage } from './pages.ts';
import { isRefusal, unknownFolder } from './refusal.ts';

/**
 * Lists the users who hold dedicated licenses and were not seen for some days, with the licenses as they are now. The
 * listed licenses can be passed to `change-licenses`. A page reads its cards and their licenses.
 */
export async function listInactive(deps: TenantContext, request: RequestOf<'list-inactive'>) {
  const { table, clock, tenant } = deps;
  const { tenantId, folders, settings } = tenant;
  const folderId = request.folder === undefined ? undefined : folderAt(folders, request.folder);
  if (request.folder !== undefined && folderId === undefined) return unknownFolder(request.folder);
  const today = dayIn(settings.timeZone, clock.now());
  const notSeenSince = plus(clock.now(), -request.days * DAY);
  const [index, partition] = userCardList(tenantId, folderId);
  const page = await readPage(table, index, partition, request, async (keys) => {
    const cards = (await table.getMany(keys)).flatMap((item) => foundCard(item).card ?? []);
    const found = cards.flatMap((card) => inactiveHolder(card, notSeenSince, today) ?? []);
    const serials = found.flatMap(({ serialNumbers }) => serialNumbers);
    const licenses = await readLicenses(
      table,
      serials.map((serialNumber) => licenseKey(tenantId, serialNumber)),
    );
    return found.map(({ card: { user, name, folderId: at }, lastSeen, createdAt }) =>
      defined({
        user,
        name,
        folder: pathOf(folders, at) ?? at,
        lastSeen,
        createdAt,
        licenses: licenses
          .filter(({ assignedTo }) => assignedTo === user)
          .map((license) => licenseView(license, folders, today)),
      }),
    );
  });
  if (isRefusal(page)) return page;
  const { entries, ...rest } = page;
  return { notSeenSince, holders: entries, ...rest };
}
