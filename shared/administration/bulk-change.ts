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

/** What was done with one license, or would be done. */
type Result =
  | { readonly serialNumber: string; readonly done: true; readonly version: number }
  | { readonly serialNumber: string; readonly done: false; readonly error: Refusal['error'] };

/** How many licenses one call by a filter changes, so that it is answered in time. Its cursor continues. */
const PAGE = 500;

/** How many licenses a preview looks at to count them, so that it is answered in time. */
const MOST_COUNTED = 25_000;

/**
 * Makes the same change to many licenses, each by itself: a refusal of one stops no other (R30). By a filter, it changes
 * a page at a time. A preview judges each license as the change would, and writes nothing. The preview of the first page
 * also counts all licenses that the filter means.
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
    return invalidRequest([{ place: 'licenses', text: 'name `licenses` or a `filter`, one of the two' }]);
  }
  if (filter === undefined || everything || Object.keys(filter).length > 0) return undefined;
  const text = 'is empty and would mean every license of the tenant: name what you mean, or say `everything: true`';
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
  // What was listed is changed as it was listed. If somebody changes it in between, that license is stale.
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

/** Judges all that is meant on the first page, and shows the results of that page. Later pages only show theirs. */
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

/** Returns how many licenses are meant, how many would be changed, and how many would not for which reason. */
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

/** How one change decides about each license. A preview calls `onJudged` for each license that would be changed. */
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

/** Decides as the change would decide one license after the other: what the user would have by then counts. */
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
