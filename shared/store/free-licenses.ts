import { type Vacancy, type VacancyWindow, WINDOW } from '../licensing/login/choose-vacancy.ts';
import { termPhase } from '../licensing/term.ts';
import type { Day } from '../licensing/time.ts';
import type { Access, LicenseType } from '../licensing/vocabulary.ts';
import type { Table } from '../platform/ports/table.ts';
import { vacancyOf } from './items.ts';
import { vacancyPartition, vacancyPrefix } from './keys.ts';
import { sortKeyAfter } from './paging.ts';

type Pool = Pick<Vacancy, 'folderId' | 'access' | 'type'>;

/**
 * The licenses that are free on a day, for what-if questions. They are read from the table only as far as they are
 * asked for, and what is taken or freed stays in memory.
 */
export type FreeLicenses = {
  /** Reads what a login sees of one folder. */
  readonly windowOf: (folderId: string, access: Access) => Promise<VacancyWindow>;
  /** Takes a license that a window has shown. */
  readonly take: (vacancy: Vacancy) => void;
  readonly add: (vacancy: Vacancy) => void;
};

const PAGE = 1_000;

export function freeLicenses(table: Table, tenantId: string, today: Day): FreeLicenses {
  type Known = { readonly free: Vacancy[]; next: string | undefined };
  const pools = new Map<string, Known>();
  const isValid = (vacancy: Vacancy): boolean => termPhase(vacancy, today) === 'valid';

  const poolOf = ({ folderId, access, type }: Pool): Known => {
    const prefix = vacancyPrefix(access, type);
    const known = pools.get(`${prefix}${folderId}`) ?? { free: [], next: prefix };
    pools.set(`${prefix}${folderId}`, known);
    return known;
  };
  const seen = async (pool: Pool) => {
    const known = poolOf(pool);
    const range = { pk: vacancyPartition(tenantId, pool.folderId), to: `${vacancyPrefix(pool.access, pool.type)}~` };
    while (known.next !== undefined && known.free.length <= WINDOW) {
      const { items, more } = await table.query({ ...range, from: known.next, limit: PAGE });
      known.free.push(...items.map(vacancyOf).filter(isValid));
      const last = items.at(-1)?.sk;
      known.next = more && last !== undefined ? sortKeyAfter(last) : undefined;
    }
    return { valid: known.free.slice(0, WINDOW), more: known.free.length > WINDOW || known.next !== undefined };
  };
  const windowOf = async (folderId: string, access: Access): Promise<VacancyWindow> => {
    const of = (type: LicenseType) => seen({ folderId, access, type });
    const [floating, dedicated] = await Promise.all([of('floating'), of('dedicated')]);
    return { floating, dedicated };
  };
  return {
    windowOf,
    take: (vacancy) => {
      const { free } = poolOf(vacancy);
      const index = free.findIndex(({ serialNumber }) => serialNumber === vacancy.serialNumber);
      if (index >= 0) free.splice(index, 1);
    },
    add: (vacancy) => {
      if (isValid(vacancy)) poolOf(vacancy).free.push(vacancy);
    },
  };
}
