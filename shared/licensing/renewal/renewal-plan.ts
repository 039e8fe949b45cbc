import { defined } from '../defined.ts';
import { ROOT, Z_OLD } from '../folder-tree.ts';
import { issuedOf } from '../license/import-plan.ts';
import { type ImportMark, type License, type LicenseClass, lifecycleState, sameClass } from '../license/license.ts';
import type { UserCard } from '../login/user-card.ts';
import { lastDay, sameTerm, type Term } from '../term.ts';
import type { Day, Instant } from '../time.ts';
import type { HolderDoubt, LifecycleState, PlannedOutcome } from '../vocabulary.ts';

/** A license that may replace an expiring one. */
export type OfferedLicense = LicenseClass & Term & { readonly serialNumber: string };

/** Which licenses to replace: those that expire on or before a day, or a list. */
export type ExpiringBy = { readonly onOrBefore: Day } | { readonly serialNumbers: ReadonlySet<string> };

/**
 * Where replacements come from (R36): a file, with those of the tenant's licenses that it names, or licenses that are
 * imported already.
 */
export type Offers =
  | {
      readonly file: { readonly issued: Day; readonly licenses: readonly OfferedLicense[] };
      readonly known: ReadonlyMap<string, License>;
      /** The folder of the file's new licenses. */
      readonly folderId: string;
      readonly plannedAt: Instant;
    }
  | { readonly imported: readonly License[] };

/** What the snapshot keeps of an expiring license (R33). */
type OldLicense = {
  readonly serialNumber: string;
  readonly validFrom: Day;
  readonly expiresOn: Day;
  readonly state: LifecycleState;
  readonly assignedTo?: string;
  readonly currentUser?: string;
  readonly since?: Instant;
  /** Since when it is in zOld. */
  readonly setAsideOn?: Day;
};

type NewLicense = { readonly serialNumber: string; readonly validFrom: Day; readonly expiresOn?: Day };

/**
 * One expiring license and what becomes of it, or another license whose term the file changes, or a new license that
 * replaces none.
 */
export type PlannedRow = {
  readonly class: LicenseClass;
  /** The old license's folder. For a left-over license, the folder in which it will be free. */
  readonly folderId: string;
  readonly old?: OldLicense;
  readonly new?: NewLicense;
  /** The user to whom the license is assigned, otherwise the one who works on it. */
  readonly user?: string;
  readonly outcome: PlannedOutcome;
  /** Why it is doubtful that the user needs a new license (R34). */
  readonly doubt?: HolderDoubt;
  /** Only if the file changes the license's term: its import mark before. */
  readonly imported?: ImportMark;
  /** Only if the file changes the license's term: the file's issue date. */
  readonly issued?: Day;
};

/** What a plan needs to know of the users to whom expiring licenses are assigned. */
export type Holders = ReadonlyMap<string, Pick<UserCard, 'level' | 'assigned'>>;

/** If replacements are short, licenses in use come first, then assigned ones, then free ones (R34). */
const PRIORITY: Readonly<Record<LifecycleState, number>> = {
  'in-use': 0,
  releasing: 0,
  assigned: 1,
  free: 2,
  'set-aside': 3,
  'held-back': 3,
  deleted: 3,
};

/** Returns whether a renewal replaces the license. Licenses in zOld have been dealt with by hand. */
export function isExpiring(license: License, by: ExpiringBy): boolean {
  const state = lifecycleState(license);
  if (license.folderId === Z_OLD || state === 'deleted' || state === 'held-back') return false;
  return 'onOrBefore' in by
    ? lastDay(license) <= by.onOrBefore
    : license.expiresOn !== undefined && by.serialNumbers.has(license.serialNumber);
}

/** Returns the day that a license's replacement must outlast. */
function horizonOf(by: ExpiringBy, license: Term): Day {
  return 'onOrBefore' in by ? by.onOrBefore : lastDay(license);
}

/**
 * Pairs each expiring license with a new one of its class (R34). It is deterministic: the same licenses and offers in
 * any order give the same plan. Among assigned licenses, those of users who may work come before those of users without
 * access, and a user's first license of a class before the second. A known license in a file counts as new only if
 * nobody has it: it is held back, left from a renewal that did not use it, or still free (R36). An imported license in
 * the root may replace any license. One in another folder was put there for that folder, and replaces only there.
 */
export function planRenewal(
  licenses: readonly License[],
  by: ExpiringBy,
  offers: Offers,
  holders: Holders = new Map(),
): readonly PlannedRow[] {
  const expiring = licenses.filter((license) => isExpiring(license, by));
  const doubts = doubtsAbout(expiring, holders);
  const weight = (license: License): number => DOUBTFUL[doubts.get(license.serialNumber) ?? 'none'];
  const replaced = new Set(expiring.map((license) => license.serialNumber));
  const offered = offersOf(offers, replaced).toSorted(byTermAndSerial);
  const extended = extendedBy(offers);
  const lasting = 'onOrBefore' in by ? offered.filter((offer) => lastDay(offer) > by.onOrBefore) : offered;
  const queues = queuesOf(lasting);

  const used = new Set<string>();
  const inOrder = expiring.toSorted((one, other) => byPriority(one, other, weight(one) - weight(other)));
  const rows = inOrder.map((license): PlannedRow => {
    const horizon = horizonOf(by, license);
    const extension = extended.get(license.serialNumber);
    const isChanged = extension !== undefined && !sameTerm(license, extension);
    const doubt = doubts.get(license.serialNumber);
    const row = { ...rowOf(license), ...(isChanged ? termChangeOf(offers, license) : {}), ...defined({ doubt }) };
    if (extension !== undefined && lastDay(extension) > horizon) return { ...row, outcome: 'extended' };
    const replacement =
      queues.take(className(license), license.folderId, horizon) ?? queues.take(className(license), ANY, horizon);
    if (replacement === undefined) return { ...row, outcome: 'shortfall' };
    used.add(replacement.serialNumber);
    return { ...row, new: newOf(replacement), outcome: 'replaced' };
  });
  const leftOver = offered
    .filter((offer) => offer.isRenewals && !used.has(offer.serialNumber))
    .map(
      (offer): PlannedRow => ({
        class: classOf(offer),
        folderId: offer.folderId,
        new: newOf(offer),
        outcome: 'left-over',
      }),
    );
  return [...rows, ...alsoExtended(offers, extended, replaced), ...leftOver];
}

/**
 * Returns rows for licenses whose term the file changes although the renewal does not replace them, so that an undo
 * knows them.
 */
function alsoExtended(
  offers: Offers,
  extended: ReadonlyMap<string, OfferedLicense>,
  replaced: ReadonlySet<string>,
): readonly PlannedRow[] {
  if (!('file' in offers)) return [];
  return [...extended.values()]
    .flatMap((offered) => {
      const license = offers.known.get(offered.serialNumber);
      return license === undefined || replaced.has(license.serialNumber) || sameTerm(license, offered) ? [] : [license];
    })
    .filter((license) => !['deleted', 'held-back'].includes(lifecycleState(license)))
    .toSorted((one, other) => byPriority(one, other))
    .map((license) => ({ ...rowOf(license), outcome: 'extended', ...termChangeOf(offers, license) }));
}

function termChangeOf(offers: Offers, { imported }: License): Pick<PlannedRow, 'imported' | 'issued'> {
  return { imported, ...('file' in offers ? { issued: offers.file.issued } : {}) };
}

type Offer = OfferedLicense & {
  readonly folderId: string;
  /** The folder in which it may replace a license. */
  readonly for: string;
  /** Whether this renewal must let it in if it replaces no license. One that is free already just stays free. */
  readonly isRenewals: boolean;
};

/** Stands for every folder. Ids of folders are never empty. */
const ANY = '';

function offersOf(offers: Offers, replaced: ReadonlySet<string>): readonly Offer[] {
  if ('file' in offers) {
    return offers.file.licenses.flatMap((offered): readonly Offer[] => {
      const license = offers.known.get(offered.serialNumber);
      if (license === undefined) return [{ ...offered, folderId: offers.folderId, for: ANY, isRenewals: true }];
      if (replaced.has(license.serialNumber) || !sameClass(license, offered) || !isUntaken(license)) return [];
      return [{ ...offered, folderId: license.folderId, for: ANY, isRenewals: license.heldBackFor !== undefined }];
    });
  }
  return offers.imported
    .filter((license) => isUntaken(license) && !replaced.has(license.serialNumber))
    .map((license) => ({
      ...license,
      for: license.heldBackFor !== undefined || license.folderId === ROOT ? ANY : license.folderId,
      isRenewals: false,
    }));
}

/** Returns whether a license may still become a replacement. */
export function isUntaken(license: License): boolean {
  const state = lifecycleState(license);
  return state === 'held-back' || state === 'free';
}

/** Returns the licenses whose term the file itself changes, as the file describes them. */
function extendedBy(offers: Offers): ReadonlyMap<string, OfferedLicense> {
  if (!('file' in offers)) return new Map();
  const { file, known, plannedAt } = offers;
  const extending = file.licenses.filter((offered) => {
    const license = known.get(offered.serialNumber);
    return license !== undefined && sameClass(license, offered) && issuedOf(license, plannedAt) < file.issued;
  });
  return new Map(extending.map((offered) => [offered.serialNumber, offered]));
}

function queuesOf(offered: readonly Offer[]) {
  // Taken from the end: removing from the front of 20,000 elements is expensive.
  const queues = Map.groupBy(offered.toReversed(), (offer) => `${className(offer)} ${offer.for}`);
  return {
    take: (ofClass: string, folder: string, horizon: Day): Offer | undefined => {
      const queue = queues.get(`${ofClass} ${folder}`) ?? [];
      const position = queue.findLastIndex((offer) => lastDay(offer) > horizon);
      return position < 0 ? undefined : queue.splice(position, 1)[0];
    },
  };
}

function rowOf(license: License): Omit<PlannedRow, 'outcome'> {
  const { serialNumber, validFrom, assignedTo, currentUser, since, setAsideOn } = license;
  const user = assignedTo ?? currentUser;
  return defined({
    class: classOf(license),
    folderId: license.folderId,
    old: defined({
      serialNumber,
      validFrom,
      expiresOn: lastDay(license),
      state: lifecycleState(license),
      assignedTo,
      currentUser,
      since,
      setAsideOn,
    }),
    user,
  });
}

function className({ type, access, modules }: LicenseClass): string {
  return `${type} ${access} ${modules}`;
}

function classOf({ type, access, modules }: LicenseClass): LicenseClass {
  return { type, access, modules };
}

function newOf({ serialNumber, validFrom, expiresOn }: OfferedLicense): NewLicense {
  return defined({ serialNumber, validFrom, expiresOn });
}

function byTermAndSerial(one: OfferedLicense, other: OfferedLicense): number {
  return compare(one.validFrom, other.validFrom) || compare(one.serialNumber, other.serialNumber);
}

/** `byDoubt` decides between two that are assigned. */
function byPriority(one: License, other: License, byDoubt = 0): number {
  const state = lifecycleState(one);
  const order = PRIORITY[state] - PRIORITY[lifecycleState(other)];
  return order || (state === 'assigned' ? byDoubt : 0) || compare(one.serialNumber, other.serialNumber);
}

/** The order in which doubtful holders give way to others. */
const DOUBTFUL: Readonly<Record<HolderDoubt | 'none', number>> = { none: 0, 'second-license': 1, 'no-access': 2 };

/**
 * Returns the doubts about the holders of expiring licenses, by serial number: a user without access, and a license
 * beside another one of its class that the user has first. The one in use counts as the first, else one that does not
 * expire, else the one with the lowest serial number.
 */
function doubtsAbout(expiring: readonly License[], holders: Holders): ReadonlyMap<string, HolderDoubt> {
  const doubts = new Map<string, HolderDoubt>();
  const held = expiring.filter(({ assignedTo }) => assignedTo !== undefined);
  const serials = new Set(expiring.map(({ serialNumber }) => serialNumber));
  for (const [, group] of Map.groupBy(held, (license) => `${className(license)} ${license.assignedTo}`)) {
    const [first, ...others] = group.toSorted((one, other) => byPriority(one, other));
    const user = first?.assignedTo ?? '';
    const staying = Object.entries(holders.get(user)?.assigned ?? {}).some(
      ([serial, note]) => !serials.has(serial) && first !== undefined && sameClass(note, first),
    );
    const isInUse = first?.currentUser !== undefined;
    for (const { serialNumber } of staying && !isInUse ? group : others) doubts.set(serialNumber, 'second-license');
    if (holders.get(user)?.level !== 'no-access') continue;
    for (const { serialNumber } of group) doubts.set(serialNumber, 'no-access');
  }
  return doubts;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
