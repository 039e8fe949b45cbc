import { type Vacancy, type VacancyWindow, WINDOW } from '../licensing/login/choose-vacancy.ts';
import { lastDay, termPhase } from '../licensing/term.ts';
import type { Day } from '../licensing/time.ts';
import type { Access, LicenseType } from '../licensing/vocabulary.ts';
import type { Table } from '../platform/ports/table.ts';
import type { Random } from '../platform/random.ts';
import { vacancyOf } from './items.ts';
import { vacancyPartition, vacancyPrefix } from './keys.ts';
import { sortKeyAfter } from './paging.ts';

/**
 * What this process last saw of a folder's floating vacancies. `some`: a login there need not look into the root as
 * well. `many`: there are more than a window shows, so a login starts at a random place, and concurrent logins do not
 * all try the same few. A wrong hint costs one more read, never a wrong answer.
 */
export type VacancyHints = Map<string, 'some' | 'many'>;

/** With fewer left, the next login may find none, so it should look into the root at the same time. */
const SOME = 8;

type VacancyFolder = { readonly tenant: string; readonly folderId: string; readonly access: Access };

/** Returns whether the folder had a floating vacancy when this process last looked. */
export function hadFloating(hints: VacancyHints, folder: VacancyFolder): boolean {
  return hints.has(hintKey(folder));
}

function hintKey({ tenant, folderId, access }: VacancyFolder): string {
  return `${vacancyPartition(tenant, folderId)} ${access}`;
}

/**
 * How many vacancies to read from a random place: at most one read unit, and enough that few logins pick the same one.
 */
const SAMPLE = 24;

/** How many vacancies to read at a time when no license of a whole window is valid today. */
const READ_ON = 1_000;

/**
 * Reads one folder's vacancies of an access with strong consistency. It reads on until each type has a valid vacancy or
 * is proven empty. It does not read on for dedicated ones if a floating one is free. `today` may still be pending when
 * the first read starts.
 */
export async function readVacancies(
  table: Table,
  folder: VacancyFolder,
  today: Promise<Day>,
  hints: VacancyHints,
  random: Random,
): Promise<VacancyWindow> {
  const pk = vacancyPartition(folder.tenant, folder.folderId);
  const prefixes = {
    floating: vacancyPrefix(folder.access, 'floating'),
    dedicated: vacancyPrefix(folder.access, 'dedicated'),
  };
  const hint = hintKey(folder);

  if (hints.get(hint) === 'many') {
    const start = random(2 ** 32);
    const place = `${prefixes.floating}${start.toString(16).padStart(8, '0')}`;
    const half =
      start < 2 ** 31
        ? { from: place, to: `${prefixes.floating}~` }
        : { from: prefixes.floating, to: place, descending: true };
    const page = await table.query({ pk, ...half, limit: SAMPLE });
    const valid = validOf(page.items.map(vacancyOf), 'floating', await today);
    if (!page.more) hints.delete(hint);
    // Whatever the other half of the range holds, this step has a free license.
    if (valid.length > 0) return { floating: { valid, more: true }, dedicated: { valid: [], more: true } };
  }

  const page = await table.query({ pk, from: prefixes.floating, to: `${prefixes.dedicated}~`, limit: WINDOW });
  const vacancies = page.items.map(vacancyOf);
  const floatingGoOn = page.more && vacancies.at(-1)?.type === 'floating';
  const day = await today;

  const seen = async (type: LicenseType, more: boolean) => {
    const valid = validOf(vacancies, type, day);
    if (valid.length > 0 || !more) return { valid, more };
    const after = page.items.at(-1)?.sk ?? '';
    const from = after.startsWith(prefixes[type]) ? sortKeyAfter(after) : prefixes[type];
    return await readOn(table, pk, { from, to: `${prefixes[type]}~` }, type, day);
  };
  const floating = await seen('floating', floatingGoOn);
  if (floating.valid.length < SOME) hints.delete(hint);
  else hints.set(hint, floatingGoOn ? 'many' : 'some');
  if (floating.valid.length > 0) {
    return { floating, dedicated: { valid: validOf(vacancies, 'dedicated', day), more: page.more } };
  }
  return { floating, dedicated: await seen('dedicated', page.more) };
}

async function readOn(
  table: Table,
  pk: string,
  range: { readonly from: string; readonly to: string },
  type: LicenseType,
  today: Day,
): Promise<{ readonly valid: readonly Vacancy[]; readonly more: boolean }> {
  const page = await table.query({ pk, ...range, limit: READ_ON });
  const valid = validOf(page.items.map(vacancyOf), type, today);
  if (valid.length > 0) return { valid: valid.slice(0, WINDOW), more: page.more || valid.length > WINDOW };
  const last = page.items.at(-1);
  if (!page.more || last === undefined) return { valid, more: false };
  return readOn(table, pk, { ...range, from: sortKeyAfter(last.sk) }, type, today);
}

function validOf(vacancies: readonly Vacancy[], type: LicenseType, today: Day): readonly Vacancy[] {
  return vacancies.filter((vacancy) => vacancy.type === type && termPhase(vacancy, today) === 'valid');
}

/** The most vacancies of one folder and class that are counted. */
const MOST_COUNTED = 1_000;

/** Counts the vacancies of one class in a folder whose term lasts beyond a day, at most a thousand of them. */
export async function countVacancies(
  table: Table,
  {
    tenant,
    folderId,
    type,
    access,
  }: { readonly tenant: string; readonly folderId: string } & Pick<Vacancy, 'type' | 'access'>,
  beyond: Day,
): Promise<number> {
  const prefix = vacancyPrefix(access, type);
  const range = { pk: vacancyPartition(tenant, folderId), from: prefix, to: `${prefix}~`, limit: MOST_COUNTED };
  const { items } = await table.query(range);
  return items.map(vacancyOf).filter((vacancy) => lastDay(vacancy) > beyond).length;
}
