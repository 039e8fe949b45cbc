import { defined } from '../licensing/defined.ts';
import { ROOT } from '../licensing/folder-tree.ts';
import type { License } from '../licensing/license/license.ts';
import type { RequestOf } from './administer-request.ts';
import { type CardTarget, readCardTargets } from './card-targets.ts';
import { changeLicense, judgeChange } from './change-license.ts';
import type { TenantContext } from './deps.ts';
import { assignTo } from './licenses.ts';
import { findLicenses } from './list-licenses.ts';
import type { Page } from './pages.ts';
import { isRefusal, type Refusal, refused, unknownUser } from './refusal.ts';
import { refusalOfError } from './refusal-of-error.ts';

type Request = RequestOf<'assign-each'>;

/** The result for one user, or the result that it would be. */
type Result =
  | { readonly user: string; readonly done: true; readonly serialNumber: string; readonly version: number }
  | { readonly user: string; readonly done: false; readonly error: Refusal['error'] };

/** How many user cards of a folder one call reads. Its cursor leads to the next ones. */
const PAGE = 200;

/** How many free licenses one call reads at most. */
const MOST_FREE = 5_000;

/** How many licenses are tried for one user when concurrent calls take them first. */
const TRIES = 5;

/**
 * Assigns one free dedicated license of a class to each user of a list, or to each user of a folder who has no license
 * of the class and whose level allows work (R28). A license of the user's own folder comes first, then one of the root,
 * then any other. Users are handled one after the other, in the given order. A preview makes the same choice, and
 * writes nothing.
 *
 * One call reads at most 200 cards and 5,000 free licenses, and writes one transaction for each user.
 */
export async function assignEach(deps: TenantContext, request: Request) {
  const targets = await readTargets(deps, request);
  if (isRefusal(targets)) return targets;
  const free = await readFree(deps, request);
  if (isRefusal(free)) return free;
  const results: Result[] = [];
  for (const target of targets.entries) results.push(await assignOne(deps, request, target, free));
  return defined({ results, cursor: targets.cursor });
}

async function readTargets(deps: TenantContext, { to, cursor }: Request): Promise<Page<CardTarget> | Refusal> {
  if ('users' in to) return readCardTargets(deps, { users: to.users.map((user) => ({ user })) }, { limit: PAGE });
  const page = await readCardTargets(deps, to, { cursor, limit: PAGE });
  if (isRefusal(page)) return page;
  return { ...page, entries: page.entries.filter(({ card }) => card?.level !== 'no-access') };
}

async function readFree(deps: TenantContext, { access, modules, from }: Request): Promise<License[] | Refusal> {
  const free: License[] = [];
  let cursor: string | undefined;
  do {
    const wanted = { type: 'dedicated', access, modules, state: 'free', sortBy: 'serialNumber', limit: 1_000 } as const;
    const page = await findLicenses(deps, defined({ ...wanted, folder: from, cursor }));
    if (isRefusal(page)) return page;
    free.push(...page.entries);
    cursor = page.cursor;
  } while (cursor !== undefined && free.length < MOST_FREE);
  return free;
}

/**
 * Assigns one of the free licenses, and removes it from the list. Tries another one when a concurrent call was faster.
 */
async function assignOne(
  deps: TenantContext,
  request: Request,
  { user, card }: CardTarget,
  free: License[],
): Promise<Result> {
  if (card === undefined) return { user, done: false, error: unknownUser(user).error };
  const { actor, command, preview } = request;
  const decide = assignTo(user, async () => card, false);
  let answer: License | Refusal = noFreeLicense(request);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const license = takeNearest(free, card.folderId);
    if (license === undefined) break;
    const { serialNumber, version } = license;
    answer = preview
      ? await judgeChange(deps, { actor, command }, license, decide)
      : await changeLicense(deps, { serialNumber, actor, command, expectedVersion: version }, decide).catch((error) =>
          refusalOfError(command, error),
        );
    if (!isRefusal(answer)) return { user, done: true, serialNumber, version: answer.version };
    if (answer.error.code === 'has-license') {
      free.unshift(license);
      break;
    }
  }
  return { user, done: false, error: answer.error };
}

function takeNearest(free: License[], folderId: string): License | undefined {
  const at = (wanted: string) => free.findIndex((license) => license.folderId === wanted);
  const [nearest = 0] = [at(folderId), at(ROOT)].filter((index) => index >= 0);
  return free.splice(nearest, 1)[0];
}

function noFreeLicense({ access, modules, from }: Request): Refusal {
  const where = from === undefined ? '' : ` in the folder "${from}"`;
  return refused('no-free-license', `No dedicated ${access} license for ${modules} is free${where}.`);
}
