import { sameValue } from '../clause.ts';
import { type FolderTree, pathOf, Z_OLD } from '../folder-tree.ts';
import { isAllocatable, type License, lifecycleState } from '../license/license.ts';
import { noteOf } from '../login/card-notes.ts';
import type { Vacancy } from '../login/choose-vacancy.ts';
import type { UserCard } from '../login/user-card.ts';
import { sameTerm, termPhase } from '../term.ts';
import type { Day } from '../time.ts';
import { type FaultName, type Violation, violation } from './audit-faults.ts';

/** Some of a tenant's licenses, cards and vacancies, with all items that these name. */
export type AuditedItems = {
  readonly licenses: readonly License[];
  readonly cards: readonly UserCard[];
  readonly vacancies: readonly Vacancy[];
};

/**
 * Returns the violations among the items. An item that another one names and that is missing from the set is reported
 * as nonexistent.
 */
export function auditItems(items: AuditedItems, folders: FolderTree, today: Day): readonly Violation[] {
  const { licenses, cards, vacancies } = items;
  const licenseOf = new Map(licenses.map((license) => [license.serialNumber, license]));
  const cardOf = new Map(cards.map((card) => [card.user, card]));
  const vacant = new Set(vacancies.map(vacancyPlace));
  return [
    ...licenses.flatMap((license) => [
      ...licenseFaults(license, folders),
      ...assignmentFaults(license, cardOf),
      ...useFaults(license, cardOf),
      ...(mustBeVacant(license, today) && !vacant.has(vacancyPlace(license))
        ? [violation('no-vacancy', { serialNumber: license.serialNumber })]
        : []),
    ]),
    ...cards.flatMap((card) => [
      ...cardFaults(card, folders),
      ...noteFaults(card, licenseOf),
      ...currentFaults(card, licenseOf),
    ]),
    ...vacancies.flatMap((vacancy) => vacancyFaults(vacancy, licenseOf.get(vacancy.serialNumber))),
    ...workingOnSeveral(licenses),
  ];
}

/** What must not be true of a license, whatever the other items say. */
const LICENSE_FAULTS: readonly (readonly [FaultName, (license: License) => boolean])[] = [
  ['since-without-user', (one) => one.since !== undefined && one.currentUser === undefined],
  ['user-without-since', (one) => one.since === undefined && one.currentUser !== undefined],
  ['releasing-unused', (one) => one.releasing === true && one.currentUser === undefined],
  ['releasing-assigned', (one) => one.releasing === true && one.assignedTo !== undefined],
  ['floating-assigned', (one) => one.type === 'floating' && one.assignedTo !== undefined],
  [
    'dedicated-to-another',
    (one) =>
      one.type === 'dedicated' &&
      one.currentUser !== undefined &&
      one.releasing === undefined &&
      one.assignedTo !== one.currentUser,
  ],
  ['held-back-taken', (one) => one.heldBackFor !== undefined && isSomebodys(one)],
  ['deleted-taken', (one) => one.deletedAt !== undefined && isSomebodys(one)],
  ['set-aside-elsewhere', (one) => one.setAsideOn !== undefined && one.folderId !== Z_OLD],
  ['not-set-aside', (one) => one.setAsideOn === undefined && one.folderId === Z_OLD],
];

function licenseFaults(license: License, folders: FolderTree): readonly Violation[] {
  const { serialNumber, folderId } = license;
  const faults = LICENSE_FAULTS.flatMap(([name, found]) => (found(license) ? [violation(name, { serialNumber })] : []));
  return pathOf(folders, folderId) === undefined ? [...faults, violation('license-nowhere', { serialNumber })] : faults;
}

function isSomebodys({ assignedTo, currentUser }: License): boolean {
  return assignedTo !== undefined || currentUser !== undefined;
}

type Cards = ReadonlyMap<string, UserCard>;
type Licenses = ReadonlyMap<string, License>;

/** Compares a license with the card of the user to whom it is assigned. */
function assignmentFaults({ serialNumber, assignedTo }: License, cardOf: Cards): readonly Violation[] {
  if (assignedTo === undefined) return [];
  const card = cardOf.get(assignedTo);
  const of = { serialNumber, user: assignedTo };
  if (card === undefined) return [violation('assigned-without-card', of)];
  return Object.hasOwn(card.assigned, serialNumber) ? [] : [violation('not-on-card', of)];
}

/** Compares a license with the card of the user who works on it. */
function useFaults({ serialNumber, currentUser }: License, cardOf: Cards): readonly Violation[] {
  if (currentUser === undefined) return [];
  const card = cardOf.get(currentUser);
  const of = { serialNumber, user: currentUser };
  if (card === undefined) return [violation('used-without-card', of)];
  if (card.current?.serialNumber === serialNumber) return [];
  const runOnNothing = card.current === undefined && Object.keys(card.sessions).length > 0;
  return [violation(runOnNothing ? 'not-noted-in-use' : 'works-elsewhere', of)];
}

function cardFaults({ user, folderId, current, sessions }: UserCard, folders: FolderTree): readonly Violation[] {
  const faults: Violation[] = [];
  if (folderId === Z_OLD) faults.push(violation('card-in-zold', { user }));
  else if (pathOf(folders, folderId) === undefined) faults.push(violation('card-nowhere', { user }));
  const hasSessions = Object.keys(sessions).length > 0;
  if (hasSessions && current === undefined) faults.push(violation('sessions-on-nothing', { user }));
  if (!hasSessions && current !== undefined) {
    faults.push(violation('held-without-session', { serialNumber: current.serialNumber, user }));
  }
  return faults;
}

/** Compares a card with the licenses that it lists as assigned. */
function noteFaults({ user, assigned }: UserCard, licenseOf: Licenses): readonly Violation[] {
  return Object.entries(assigned).flatMap(([serialNumber, note]): readonly Violation[] => {
    const license = licenseOf.get(serialNumber);
    const of = { serialNumber, user };
    if (license === undefined) return [violation('listed-missing', of)];
    if (license.assignedTo !== user) return [violation('listed-unassigned', of)];
    return sameValue(note, noteOf(license)) ? [] : [violation('stale-note', of)];
  });
}

/** Compares a card with the license that its sessions run on. */
function currentFaults({ user, current, sessions }: UserCard, licenseOf: Licenses): readonly Violation[] {
  if (current === undefined) return [];
  const { serialNumber, releasing, ...note } = current;
  const license = licenseOf.get(serialNumber);
  const of = { serialNumber, user };
  if (license === undefined) return [violation('current-missing', of)];
  if (license.currentUser === undefined) {
    return [violation(Object.keys(sessions).length > 0 ? 'current-in-no-use' : 'current-without-use', of)];
  }
  if (license.currentUser !== user) return [violation('current-of-another', of)];
  if (license.releasing !== releasing) return [violation('stale-releasing', of)];
  return sameValue(note, noteOf(license)) ? [] : [violation('stale-current', of)];
}

function vacancyFaults(vacancy: Vacancy, license: License | undefined): readonly Violation[] {
  const { serialNumber } = vacancy;
  if (license === undefined) return [violation('vacancy-of-none', { serialNumber })];
  if (!isTakeable(license)) return [violation('stray-vacancy', { serialNumber })];
  const fits = vacancyPlace(vacancy) === vacancyPlace(license) && sameTerm(vacancy, license);
  return fits ? [] : [violation('other-vacancy', { serialNumber })];
}

/**
 * Returns where a vacancy is, or where the vacancy of a license belongs. Only the last part, the serial number, may
 * contain a blank, so two places never have the same text.
 */
function vacancyPlace({ folderId, type, access, serialNumber }: Vacancy | License): string {
  return `${folderId} ${type} ${access} ${serialNumber}`;
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
    return [violation('several-in-use', { user, serialNumbers })];
  });
}
