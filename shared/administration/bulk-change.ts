import { defined } from '../licensing/defined.ts';
import { invalidRequest } from '../platform/validation.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { assignLicense, deleteLicense, moveLicense, releaseLicense, restoreLicense } from './licenses.ts';
import { listLicenses } from './list-licenses.ts';
import { isRefusal } from './refusal.ts';
import { refusalOfError } from './refusal-of-error.ts';

type Request = RequestOf<'change-licenses'>;
type One = { readonly serialNumber: string; readonly expectedVersion?: number };

/** How many licenses are changed at a time. */
const AT_A_TIME = 10;

/** Licenses that one call by a filter changes, so that it is answered in time; its cursor goes on. */
const PAGE = 500;

/**
 * The same change to many licenses, each by itself: a refusal of one stops no other (R30). By a filter a page at a time;
 * the preview of a page counts, and changes nothing.
 */
export async function changeMany(deps: TenantContext, request: Request) {
  const chosen = await choose(deps, request);
  if (isRefusal(chosen)) return chosen;
  const { licenses, ...rest } = chosen;
  if (request.preview) return { count: licenses.length, ...rest };
  const results = [];
  for (let start = 0; start < licenses.length; start += AT_A_TIME) {
    const some = licenses.slice(start, start + AT_A_TIME);
    results.push(...(await Promise.all(some.map((one) => changed(deps, request, one)))));
  }
  return { results, ...rest };
}

async function choose(deps: TenantContext, { licenses, filter, cursor, tenant, actor }: Request) {
  if ((licenses === undefined) === (filter === undefined)) {
    return invalidRequest([{ place: 'licenses', text: 'name `licenses` or a `filter`, one of the two' }]);
  }
  if (licenses !== undefined) {
    return { licenses: [...new Map(licenses.map((one) => [one.serialNumber, one])).values()] };
  }
  const page = cursor === undefined ? {} : { cursor };
  const list = { tenant, actor, command: 'list-licenses', sortBy: 'serialNumber', limit: PAGE } as const;
  const found = await listLicenses(deps, { ...filter, ...page, ...list });
  if (isRefusal(found)) return found;
  // What was listed is changed as it was listed: another's change in between is that license's answer.
  const chosen = found.licenses.map(({ serialNumber, version }) => ({ serialNumber, expectedVersion: version }));
  return defined({ licenses: chosen, cursor: found.cursor });
}

async function changed(deps: TenantContext, request: Request, one: One) {
  const { serialNumber } = one;
  try {
    const answer = await changeOne(deps, request, one);
    return isRefusal(answer) ? { serialNumber, done: false, error: answer.error } : { serialNumber, done: true };
  } catch (error) {
    return { serialNumber, done: false, error: refusalOfError(request.command, error).error };
  }
}

function changeOne(deps: TenantContext, { change, tenant, actor }: Request, one: One): Promise<object> {
  const who = { ...one, tenant, actor };
  switch (change.action) {
    case 'assign':
      return assignLicense(deps, { ...who, command: 'assign-license', user: change.user });
    case 'release':
      return releaseLicense(deps, { ...who, command: 'release-license' });
    case 'move':
      return moveLicense(deps, { ...who, command: 'move-license', folder: change.folder });
    case 'delete':
      return deleteLicense(deps, { ...who, command: 'delete-license' });
    case 'restore':
      return restoreLicense(deps, { ...who, command: 'restore-license' });
  }
}
