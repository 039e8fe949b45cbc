import type { License } from '../licensing/license/license.ts';
import { syncCardWithLicense } from '../licensing/login/card-notes.ts';
import type { UserCard } from '../licensing/login/user-card.ts';
import type { Day } from '../licensing/time.ts';
import type { Table, Write } from '../platform/ports/table.ts';
import { readUserCard } from './read-user-card.ts';
import { licenseWrites } from './write-license.ts';
import { userCardWrite } from './write-user-card.ts';

/** Passed as the idle time: sessions do not change here, so neither does their idle deadline. */
const NO_SESSION_CHANGES = 0;

export type ChangedLicense = { readonly before: License; readonly after: License };

/**
 * Returns the writes that change licenses from what was read to what they become, together with their vacancies and the
 * cards of all users who had, get or use one of them, so that cards and licenses agree (I3). Sessions of a card do not
 * change. The writes are refused when one of `decidedOn`, the cards on which the change was decided, has changed.
 * Returns undefined when a license would be given to a user who has no card.
 */
export async function licenseChangeWrites(
  table: Table,
  changes: readonly ChangedLicense[],
  today: Day,
  decidedOn: readonly UserCard[] = [],
): Promise<readonly Write[] | undefined> {
  const [first] = changes;
  if (first === undefined) return [];
  const users = new Set(
    changes.flatMap(({ before, after }) =>
      [before, after].flatMap(({ assignedTo, currentUser }) => [assignedTo, currentUser]),
    ),
  );
  const cards = [...users].map(async (user): Promise<readonly Write[] | undefined> => {
    if (user === undefined) return [];
    const known = decidedOn.find((one) => one.user === user);
    const card = known ?? (await readUserCard(table, first.before.tenant, user)).card;
    // A user without a card: there is nothing to note. An administrator must still be able to release a license that
    // names such a user.
    if (card === undefined) return changes.some((change) => isGiven(change, user)) ? undefined : [];
    const noted = changes.reduce((one, { after }) => syncCardWithLicense(one, after), card);
    const after = { ...noted, change: first.after.change };
    return [userCardWrite(card, after, NO_SESSION_CHANGES, [])];
  });
  const noted = await Promise.all(cards);
  if (noted.includes(undefined)) return undefined;
  return [
    ...changes.flatMap(({ before, after }) => licenseWrites(before, after, today)),
    ...noted.flatMap((writes) => writes ?? []),
  ];
}

function isGiven({ before, after }: ChangedLicense, user: string): boolean {
  return after.assignedTo === user && before.assignedTo !== user;
}
