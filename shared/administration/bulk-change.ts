import { defined } from '../licensing/defined.ts';
import { folderAt } from '../licensing/folder-tree.ts';
import type { License } from '../licensing/license/license.ts';
import type { UserCard } from '../licensing/login/user-card.ts';
import { invalidRequest } from '../platform/validation.ts';
import { licenseKey } from '../store/keys.ts';
import { readLicenses } from '../store/read-license.ts';
import { readUserCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import { changeLicense, type Decide, judgeChange, unknownLicense } from './change-license.ts';
import type { TenantContext } from './deps.ts';
import { assignTo, intoFolder, release, toDelete, toRestore } from './licenses.ts';
import { findLicenses } from './list-licenses.ts';
import { mapInGroups } from './map-in-groups.ts';
import type { Page } from './pages.ts';
import { isRefusal, type Refusal, unknownFolder } from './refusal.ts';
import { refusalOfError } from './refusal-of-error.ts';

type Request = RequestOf<'change-licenses'>;
type One = { readonly serialNumber: string; readonly expectedVersion?: number };

/** The result for one license, or the result that it would be. */
type Result =
  | { readonly serialNumber: string; readonly done: true; readonly version: number }
  | { readonly serialNumber: string; readonly done: false; readonly error: Refusal['error'] };

/** How many licenses one call with a filter changes, so that it ends in time. Its cursor leads to the next ones. */
const PAGE = 500;

/** How many licenses a preview counts at most, so that it ends in time. */
const MOST_COUNTED = 25_000;

/**
 * Makes the same change to each of many licenses. A refusal of one license does not affect the others (R30). With a
 * filter, it changes a page at a time. A preview judges each license in the same way, and writes nothing. The preview
 * of the first page also counts all licenses that match the filter.
 */
export async function changeMany(deps: TenantContext, request: Request) {
  const fault = faultOfChoice(request);
  if (fault !== undefined) return fault;
  const rule = ruleOf(deps, request);
  if (isRefusal(rule)) return rule;
  return request.preview ? preview(deps, request, rule) : carryOut(deps, request, rule.decide);
}

function faultOfChoice({ licenses, filter, everything = false }: Request): Refusal | undefined {
  if ((licenses === undefined) === (filter === undefined)) {
    return invalidRequest([{ place: 'licenses', text: 'name either `licenses` or a `filter`' }]);
  }
  if (filter === undefined || everything || Object.keys(filter).length > 0) return undefined;
  const text = 'is empty, which means every license of the tenant: add a condition, or confirm with `everything: true`';
  return invalidRequest([{ place: 'filter', text }]);
}

async function carryOut(deps: TenantContext, request: Request, decide: Decide) {
  const chosen = await choose(deps, request);
  if (isRefusal(chosen)) return chosen;
  const { entries, cursor } = chosen;
  // Licenses that are assigned to one user change the same card, so they are changed one after the other.
  const atATime = request.change.action === 'assign' ? 1 : undefined;
  const results = await mapInGroups(entries, (one) => changed(deps, request, one, decide), atATime);
  return defined({ results, cursor });
}

async function choose(deps: TenantContext, { licenses, filter = {}, cursor }: Request): Promise<Page<One> | Refusal> {
  if (licenses !== undefined) return { entries: uniqueOf(licenses) };
  const found = await findLicenses(deps, defined({ ...filter, cursor, sortBy: 'serialNumber', limit: PAGE }));
  if (isRefusal(found)) return found;
  // A license that has changed since it was listed is refused as stale.
  const entries = found.entries.map(({ serialNumber, version }) => ({ serialNumber, expectedVersion: version }));
  return { ...found, entries };
}

function uniqueOf(licenses: readonly One[]): readonly One[] {
  return [...new Map(licenses.map((one) => [one.serialNumber, one])).values()];
}

async function changed(deps: TenantContext, request: Request, one: One, decide: Decide): Promise<Result> {
  const { actor, command } = request;
  try {
    return resultOf(one.serialNumber, await changeLicense(deps, { ...one, actor, command }, decide));
  } catch (error) {
    return resultOf(one.serialNumber, refusalOfError(command, error));
  }
}

function resultOf(serialNumber: string, answer: License | Refusal): Result {
  return isRefusal(answer)
    ? { serialNumber, done: false, error: answer.error }
    : { serialNumber, done: true, version: answer.version };
}

/**
 * Judges all licenses on the first page, and shows the results of that page. Later pages only have their own results.
 */
async function preview(deps: TenantContext, request: Request, rule: Rule) {
  const { filter = {}, cursor } = request;
  if (request.licenses !== undefined) {
    const results = await judgeListed(deps, request, request.licenses, rule);
    return { ...totalsOf(results), results };
  }
  const judgePage = async (after: string | undefined) => {
    const page = await findLicenses(deps, defined({ ...filter, cursor: after, sortBy: 'serialNumber', limit: PAGE }));
    if (isRefusal(page)) return page;
    const results: Result[] = [];
    for (const license of page.entries) results.push(await judged(deps, request, license, rule));
    return defined({ results, cursor: page.cursor });
  };
  const first = await judgePage(cursor);
  if (isRefusal(first) || cursor !== undefined) return first;
  const all = [...first.results];
  let next = first.cursor;
  while (next !== undefined && all.length < MOST_COUNTED) {
    const page = await judgePage(next);
    if (isRefusal(page)) return page;
    all.push(...page.results);
    next = page.cursor;
  }
  return { ...totalsOf(all), countedAll: next === undefined, ...first };
}

async function judgeListed(deps: TenantContext, request: Request, licenses: readonly One[], rule: Rule) {
  const wanted = uniqueOf(licenses);
  const keys = wanted.map(({ serialNumber }) => licenseKey(deps.tenant.tenantId, serialNumber));
  const found = new Map((await readLicenses(deps.table, keys)).map((license) => [license.serialNumber, license]));
  const results: Result[] = [];
  for (const one of wanted) {
    const license = found.get(one.serialNumber);
    if (license === undefined) results.push(resultOf(one.serialNumber, unknownLicense(one.serialNumber)));
    else results.push(await judged(deps, { ...request, ...one }, license, rule));
  }
  return results;
}

async function judged(
  deps: TenantContext,
  request: Pick<Request, 'actor' | 'command'> & { readonly expectedVersion?: number },
  license: License,
  { decide, onJudged }: Rule,
): Promise<Result> {
  const judgment = await judgeChange(deps, request, license, decide);
  if (!isRefusal(judgment)) onJudged?.(judgment);
  return resultOf(license.serialNumber, judgment);
}

/** Returns how many licenses are meant, how many would be changed, and how many would be refused with which code. */
function totalsOf(results: readonly Result[]) {
  const refused = new Map<string, number>();
  for (const result of results) {
    if (!result.done) refused.set(result.error.code, (refused.get(result.error.code) ?? 0) + 1);
  }
  return {
    count: results.length,
    done: results.filter(({ done }) => done).length,
    refused: [...refused].map(([code, count]) => ({ code, count })),
  };
}

/** Decides about each license. A preview calls `onJudged` for each license that would be changed. */
type Rule = { readonly decide: Decide; readonly onJudged?: (license: License) => void };

function ruleOf(deps: TenantContext, { change, preview: isPreview }: Request): Rule | Refusal {
  switch (change.action) {
    case 'assign': {
      const { user, several = false } = change;
      const readCard = async () => (await readUserCard(deps.table, deps.tenant.tenantId, user)).card;
      return isPreview ? previewOfAssigning(user, readCard, several) : { decide: assignTo(user, readCard, several) };
    }
    case 'release':
      return { decide: release };
    case 'move': {
      const folderId = folderAt(deps.tenant.folders, change.folder);
      return folderId === undefined ? unknownFolder(change.folder) : { decide: intoFolder(folderId) };
    }
    case 'delete':
      return { decide: toDelete(deps) };
    case 'restore':
      return { decide: toRestore(deps) };
  }
}

/** Decides as the change would, license by license: those that the user would already have got count. */
function previewOfAssigning(user: string, readCard: () => Promise<UserCard | undefined>, several: boolean): Rule {
  let reading: Promise<UserCard | undefined> | undefined;
  const assigned: Record<string, License> = {};
  const withAssigned = async () => {
    reading ??= readCard();
    const card = await reading;
    return card === undefined ? undefined : { ...card, assigned: { ...card.assigned, ...assigned } };
  };
  return {
    decide: assignTo(user, withAssigned, several),
    onJudged: (license) => {
      assigned[license.serialNumber] = license;
    },
  };
}
