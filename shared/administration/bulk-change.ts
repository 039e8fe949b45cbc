import { defined } from '../licensing/defined.ts';
import type { License } from '../licensing/license/license.ts';
import { invalidRequest, type RequestFault } from '../platform/validation.ts';
import type { LicenseChange, RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { cardReader, carryOut, decisionOf, judge, type Result, readListed, type Task } from './license-tasks.ts';
import { findLicenses } from './list-licenses.ts';
import type { Page } from './pages.ts';
import { isRefusal, type Refusal } from './refusal.ts';

type Request = RequestOf<'change-licenses'>;

/** How many licenses one call with a filter changes, so that it ends in time. Its cursor leads to the next ones. */
const PAGE = 500;

/** How many licenses a preview counts at most, so that it ends in time. */
const MOST_COUNTED = 25_000;

type Choice =
  | { readonly kind: 'faulty'; readonly fault: RequestFault }
  /** A change of its own for each license of a list. */
  | { readonly kind: 'each'; readonly tasks: readonly Task[] }
  /** The same change for each license of a list. */
  | { readonly kind: 'listed'; readonly tasks: readonly Task[]; readonly change: LicenseChange }
  /** The same change for each license that matches. */
  | { readonly kind: 'filtered'; readonly filter: NonNullable<Request['filter']>; readonly change: LicenseChange };

/**
 * Makes the same change to each of many licenses, or to each license of a list its own. A refusal of one license does
 * not affect the others (R30). With a filter, it changes a page at a time. A preview judges each license in the same
 * way, and writes nothing. The preview of the first page also counts all licenses that match the filter.
 */
export async function changeMany(deps: TenantContext, request: Request) {
  const choice = readChoice(request);
  if (choice.kind === 'faulty') return invalidRequest([choice.fault]);
  if (choice.kind === 'each') return changeListed(deps, request, choice.tasks);
  const decision = decisionOf(deps, choice.change, cardReader(deps));
  if (isRefusal(decision)) return decision;
  if (choice.kind === 'listed') return changeListed(deps, request, choice.tasks);
  return request.preview ? previewFiltered(deps, request, choice) : changeFiltered(deps, request, choice);
}

function readChoice({ change, licenses, filter, changes, everything = false }: Request): Choice {
  const faulty = (place: string, text: string): Choice => ({ kind: 'faulty', fault: { place, text } });
  if (changes !== undefined) {
    if (change !== undefined || licenses !== undefined || filter !== undefined) {
      return faulty('changes', 'cannot be combined with `change`, `licenses` or a `filter`');
    }
    const named = new Set<string>();
    const again = changes.find(({ serialNumber }) => named.size === named.add(serialNumber).size);
    return again === undefined
      ? { kind: 'each', tasks: changes }
      : faulty('changes', `must name each license once, but name ${again.serialNumber} twice`);
  }
  if (change === undefined) return faulty('change', 'is missing: name one `change`, or a list of `changes`');
  if ((licenses === undefined) === (filter === undefined)) {
    return faulty('licenses', 'name either `licenses` or a `filter`');
  }
  if (licenses !== undefined) {
    const unique = new Map(licenses.map((one) => [one.serialNumber, one])).values();
    return { kind: 'listed', tasks: [...unique].map((one) => ({ ...one, change })), change };
  }
  if (filter !== undefined && (everything || Object.keys(filter).length > 0))
    return { kind: 'filtered', filter, change };
  const text = 'is empty, which means every license of the tenant: add a condition, or confirm with `everything: true`';
  return faulty('filter', text);
}

async function changeListed(deps: TenantContext, request: Request, tasks: readonly Task[]) {
  if (!request.preview) return { results: await carryOut(deps, request, tasks) };
  const results = await judge(deps, request)(tasks, await readListed(deps, tasks));
  return { ...totalsOf(results), results };
}

type Filtered = Extract<Choice, { readonly kind: 'filtered' }>;

async function changeFiltered(deps: TenantContext, request: Request, choice: Filtered) {
  const page = await readFiltered(deps, choice, request.cursor);
  if (isRefusal(page)) return page;
  return defined({ results: await carryOut(deps, request, tasksOf(page, choice)), cursor: page.cursor });
}

function readFiltered(deps: TenantContext, { filter }: Filtered, cursor?: string): Promise<Page<License> | Refusal> {
  return findLicenses(deps, defined({ ...filter, cursor, sortBy: 'serialNumber', limit: PAGE }));
}

/** A license that has changed since it was listed is refused as stale. */
function tasksOf({ entries }: Page<License>, { change }: Filtered): readonly Task[] {
  return entries.map(({ serialNumber, version }) => ({ serialNumber, expectedVersion: version, change }));
}

/**
 * Judges all licenses on the first page, and shows the results of that page. Later pages only have their own results.
 */
async function previewFiltered(deps: TenantContext, request: Request, choice: Filtered) {
  const judgeTasks = judge(deps, request);
  const judgePage = async (after: string | undefined) => {
    const page = await readFiltered(deps, choice, after);
    if (isRefusal(page)) return page;
    const licenses = new Map(page.entries.map((license) => [license.serialNumber, license]));
    return defined({ results: await judgeTasks(tasksOf(page, choice), licenses), cursor: page.cursor });
  };
  const first = await judgePage(request.cursor);
  if (isRefusal(first) || request.cursor !== undefined) return first;
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
