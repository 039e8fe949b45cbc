import { defined } from '../defined.ts';
import { sentence } from '../sentences.ts';
import { sameTerm, type Term } from '../term.ts';
import { DAY, type Day, type Instant, MINUTE, plus } from '../time.ts';
import type { ImportOutcome } from '../vocabulary.ts';
import { ALL_MODULES, type Change, type License, type LicenseClass, sameClass } from './license.ts';
import { transition } from './lifecycle.ts';

/** A license as a file describes it. */
export type FileRow = LicenseClass & Term & { readonly serialNumber: string };

/** What an import did with one license of its file (R8). Reports show it in this form. */
export type LicenseOutcome = {
  readonly serialNumber: string;
  readonly outcome: ImportOutcome;
  /** A text for people. */
  readonly detail?: string;
};

/** The import whose file is planned. */
export type ImportFacts = {
  readonly tenant: string;
  readonly importId: string;
  /** Issue date of the file. */
  readonly issued: Day;
  /** The folder of new licenses. */
  readonly folderId: string;
  /** The renewal for which new licenses are held back. */
  readonly heldBackFor?: string;
  readonly change: Change;
};

export type PlannedLicense = {
  readonly outcome: LicenseOutcome;
  readonly before: License | undefined;
  /** Undefined when nothing is to be written. */
  readonly after?: License;
};

/**
 * Returns the latest day on which a file can have been issued: tomorrow, on the clock of the earliest time zone
 * (UTC+14).
 */
export function latestIssueDay(now: Instant): Day {
  return plus(now, 14 * 60 * MINUTE + DAY).slice(0, 10);
}

/**
 * Returns the issue date that decides about a license. One in the future cannot be true and counts as earlier than any
 * other: otherwise every later file would be stale until then (R4).
 */
export function issuedOf({ imported: { issued } }: License, now: Instant): Day {
  return issued > latestIssueDay(now) ? BEFORE_ALL_DAYS : issued;
}

const BEFORE_ALL_DAYS = '';

/**
 * Plans what an import does with one license of its file (R3–R5). Between two files the later issue date decides, so
 * the order in which they arrive does not matter; a stored issue date that lies in the future counts as the earliest.
 * An import never changes who has a license or where it is.
 */
export function planLicense(by: ImportFacts, row: FileRow, before: License | undefined): PlannedLicense {
  const planned = (outcome: ImportOutcome, detail?: string, after?: License): PlannedLicense => ({
    outcome: defined({ serialNumber: row.serialNumber, outcome, detail }),
    before,
    ...defined({ after }),
  });
  if (before === undefined) return planned('added', undefined, newLicense(by, row));
  if (before.deletedAt !== undefined)
    return planned('deleted-before', sentence('importDetail', 'deleted-at', { deletedAt: before.deletedAt }));
  if (!sameClass(before, row)) {
    const classes = { present: classText(before), inFile: classText(row) };
    return planned('conflict', sentence('importDetail', 'class-differs', classes));
  }

  const issued = issuedOf(before, by.change.at);
  if (sameTerm(before, row)) {
    return by.issued > issued ? planned('unchanged', undefined, confirmed(before, by.issued)) : planned('unchanged');
  }
  const terms = { present: termText(before), inFile: termText(row), issued };
  if (by.issued < issued) return planned('stale', sentence('importDetail', 'term-stale', terms));
  if (by.issued === issued) return planned('conflict', sentence('importDetail', 'term-conflict', terms));

  const changed = transition(before, { event: 'change-term', term: termOf(row) }, by.change);
  if ('refused' in changed)
    return planned('conflict', sentence('importDetail', 'refused', { reason: changed.refused }));
  const imported = { importId: by.importId, outcome: 'term-changed', issued: by.issued } as const;
  const detail = sentence('importDetail', 'term-changed', { before: termText(before), after: termText(row) });
  return planned('term-changed', detail, { ...changed.license, imported });
}

function newLicense({ tenant, importId, issued, folderId, heldBackFor, change }: ImportFacts, row: FileRow): License {
  const { serialNumber, type, access, modules } = row;
  return defined({
    tenant,
    serialNumber,
    type,
    access,
    modules,
    ...termOf(row),
    folderId,
    version: 1,
    heldBackFor,
    imported: { importId, outcome: 'added', issued },
    change,
  });
}

/**
 * Returns the license with a later issue date, because a later file confirms its term. From now on, a file issued
 * between the two is stale. The version stays, since no fact of the license has changed.
 */
function confirmed(license: License, issued: Day): License {
  return { ...license, imported: { ...license.imported, issued } };
}

function termOf({ validFrom, expiresOn }: Term): Term {
  return expiresOn === undefined ? { validFrom } : { validFrom, expiresOn };
}

function termText({ validFrom, expiresOn }: Term): string {
  return `${validFrom} to ${expiresOn ?? 'never'}`;
}

function classText({ type, access, modules }: LicenseClass): string {
  return `${type} ${access}, ${modules === ALL_MODULES ? 'all modules' : `module ${modules}`}`;
}
