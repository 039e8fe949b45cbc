import { noteOf } from './card-notes.ts';
import type { Vacancy } from './choose-vacancy.ts';
import { sameValue } from './clause.ts';
import { type FolderTree, pathOf, Z_OLD } from './folder-tree.ts';
import { isAllocatable, type License, lifecycleState } from './license.ts';
import { sameTerm, termPhase } from './term.ts';
import type { Day } from './time.ts';
import type { UserCard } from './user-card.ts';

/** What must hold of a tenant at every moment; recounted here from the items, not from the code that keeps it so. */
export type Invariant =
  /** A vacancy stands exactly for each license that a login may take; an expired one may still have it. */
  | 'vacancy'
  /** The license a card names as current is the one in use by that user, and the other way round (I3). */
  | 'current-license'
  /** A user works on one license at most (I2). */
  | 'one-license-per-user'
  /** There is a current license exactly while there are sessions. */
  | 'sessions'
  /** A card lists the licenses assigned to its user, and no others, as they are (I3). */
  | 'assigned-licenses'
  /** What a license says of itself fits together: held back, set aside, releasing, deleted, in use (I4). */
  | 'license-facts'
  /** Licenses and cards stand in folders that exist, and no card in zOld. */
  | 'folder'
  /** An item has the form and the keys that its kind has, and its indexes list it where it belongs. */
  | 'item';

export type Violation = {
  readonly invariant: Invariant;
  readonly serialNumber?: string;
  readonly user?: string;
  readonly serialNumbers?: readonly string[];
  /** What was found, for people. */
  readonly text: string;
};

/** All of a tenant's licenses, cards and vacancies, or all that concern the licenses and users in question. */
export type AuditedItems = {
  readonly licenses: readonly License[];
  readonly cards: readonly UserCard[];
  readonly vacancies: readonly Vacancy[];
};

export function auditItems(items: AuditedItems, folders: FolderTree, today: Day): readonly Violation[] {
  const { licenses, cards, vacancies } = items;
  const licenseOf = new Map(licenses.map((license) => [license.serialNumber, license]));
  const cardOf = new Map(cards.map((card) => [card.user, card]));
  const vacant = new Set(vacancies.map((vacancy) => vacancy.serialNumber));
  return [
    ...licenses.flatMap((license) => [
      ...licenseFaults(license, folders),
      ...userFaults(license, cardOf),
      ...(mustBeVacant(license, today) && !vacant.has(license.serialNumber)
        ? [ofLicense('vacancy', license, 'it is free, but no login finds it')]
        : []),
    ]),
    ...cards.flatMap((card) => [...cardFaults(card, folders), ...noteFaults(card, licenseOf)]),
    ...vacancies.flatMap((vacancy) => vacancyFaults(vacancy, licenseOf.get(vacancy.serialNumber))),
    ...workingOnSeveral(licenses),
  ];
}

/** What may not be of a license by itself: found → said. */
const LICENSE_FAULTS: readonly {
  readonly found: (license: License) => boolean;
  readonly text: string;
}[] = [
  {
    found: (one) => (one.since === undefined) !== (one.currentUser === undefined),
    text: '`since` without a user, or none',
  },
  { found: (one) => one.releasing === true && one.currentUser === undefined, text: 'releasing, but not in use' },
  { found: (one) => one.releasing === true && one.assignedTo !== undefined, text: 'releasing, but still assigned' },
  { found: (one) => one.type === 'floating' && one.assignedTo !== undefined, text: 'floating, but assigned' },
  {
    found: (one) =>
      one.type === 'dedicated' &&
      one.currentUser !== undefined &&
      one.releasing === undefined &&
      one.assignedTo !== one.currentUser,
    text: 'dedicated and in use by somebody to whom it is not assigned',
  },
  { found: (one) => one.heldBackFor !== undefined && isSomebodys(one), text: 'held back, but assigned or in use' },
  { found: (one) => one.deletedAt !== undefined && isSomebodys(one), text: 'deleted, but assigned or in use' },
  {
    found: (one) => (one.setAsideOn !== undefined) !== (one.folderId === Z_OLD),
    text: 'set aside, but not in zOld, or in zOld, but not set aside',
  },
];

function licenseFaults(license: License, folders: FolderTree): readonly Violation[] {
  return [
    ...LICENSE_FAULTS.filter(({ found }) => found(license)).map(({ text }) =>
      ofLicense('license-facts', license, text),
    ),
    ...(pathOf(folders, license.folderId) === undefined
      ? [ofLicense('folder', license, 'its folder does not exist')]
      : []),
  ];
}

function isSomebodys({ assignedTo, currentUser }: License): boolean {
  return assignedTo !== undefined || currentUser !== undefined;
}

/** From the license to the cards of who has it. */
function userFaults(license: License, cardOf: ReadonlyMap<string, UserCard>): readonly Violation[] {
  const { serialNumber, assignedTo, currentUser } = license;
  const faults: Violation[] = [];
  if (assignedTo !== undefined && !Object.hasOwn(cardOf.get(assignedTo)?.assigned ?? {}, serialNumber)) {
    const text = 'it is assigned to the user, but not on their card';
    faults.push({ invariant: 'assigned-licenses', serialNumber, user: assignedTo, text });
  }
  if (currentUser !== undefined && cardOf.get(currentUser)?.current?.serialNumber !== serialNumber) {
    const text = 'it is in use by the user, but not the current one on their card';
    faults.push({ invariant: 'current-license', serialNumber, user: currentUser, text });
  }
  return faults;
}

function cardFaults(card: UserCard, folders: FolderTree): readonly Violation[] {
  const { user, folderId, current, sessions } = card;
  const faults: Violation[] = [];
  if (folderId === Z_OLD) faults.push({ invariant: 'folder', user, text: 'the card is in zOld' });
  else if (pathOf(folders, folderId) === undefined) {
    faults.push({ invariant: 'folder', user, text: 'the card’s folder does not exist' });
  }
  const open = Object.keys(sessions).length;
  if (open > 0 && current === undefined)
    faults.push({ invariant: 'sessions', user, text: 'sessions without a license' });
  if (open === 0 && current !== undefined) {
    const { serialNumber } = current;
    faults.push({ invariant: 'sessions', serialNumber, user, text: 'the user holds it without a session' });
  }
  return faults;
}

/** From the card to the licenses that it notes. */
function noteFaults(card: UserCard, licenseOf: ReadonlyMap<string, License>): readonly Violation[] {
  const { user, current, assigned } = card;
  const faults = Object.entries(assigned).flatMap(([serialNumber, note]): readonly Violation[] => {
    const license = licenseOf.get(serialNumber);
    const fault = (text: string) => [{ invariant: 'assigned-licenses', serialNumber, user, text } as const];
    if (license === undefined) return fault('the card lists a license that does not exist');
    if (license.assignedTo !== user) return fault('the card lists it, but it is not assigned to the user');
    return sameValue(note, noteOf(license)) ? [] : fault('the card notes another class, term or folder than it has');
  });
  if (current === undefined) return faults;
  const { serialNumber, releasing, ...note } = current;
  const license = licenseOf.get(serialNumber);
  const fault = (text: string) => [...faults, { invariant: 'current-license', serialNumber, user, text } as const];
  if (license === undefined) return fault('the current license does not exist');
  if (license.currentUser !== user) return fault('it is the card’s current license, but not in use by the user');
  if (license.releasing !== releasing) return fault('card and license disagree on whether it is releasing');
  return sameValue(note, noteOf(license))
    ? faults
    : fault('the card notes another class, term or folder than its current license has');
}

function vacancyFaults(vacancy: Vacancy, license: License | undefined): readonly Violation[] {
  const { serialNumber } = vacancy;
  const fault = (text: string) => [{ invariant: 'vacancy', serialNumber, text } as const];
  if (license === undefined) return fault('a vacancy of a license that does not exist');
  if (!isTakeable(license)) return fault('it has a vacancy, but is not free for a login');
  const fits =
    vacancy.folderId === license.folderId &&
    vacancy.type === license.type &&
    vacancy.access === license.access &&
    sameTerm(vacancy, license);
  return fits ? [] : fault('its vacancy tells another class, term or folder');
}

function isTakeable(license: License): boolean {
  return isAllocatable(license) && lifecycleState(license) === 'free';
}

function mustBeVacant(license: License, today: Day): boolean {
  return isTakeable(license) && termPhase(license, today) !== 'expired';
}

function workingOnSeveral(licenses: readonly License[]): readonly Violation[] {
  const users = Map.groupBy(licenses, (license) => license.currentUser);
  return [...users].flatMap(([user, inUse]) => {
    if (user === undefined || inUse.length < 2) return [];
    const serialNumbers = inUse.map((license) => license.serialNumber).toSorted();
    return [{ invariant: 'one-license-per-user', user, serialNumbers, text: 'the user works on several licenses' }];
  });
}

function ofLicense(invariant: Invariant, { serialNumber }: License, text: string): Violation {
  return { invariant, serialNumber, text };
}
