import * as z from 'zod/mini';
import { DIFFERENCES } from '../../../shared/licensing/renewal/renewal-differences.ts';
import {
  HOLDER_DOUBTS,
  LICENSE_TYPES,
  LIFECYCLE_STATES,
  NEW_LICENSE_NOTES,
  OLD_LICENSE_NOTES,
  RENEWAL_MODES,
  RENEWAL_STATUSES,
  ROW_OUTCOMES,
} from '../../../shared/licensing/vocabulary.ts';
import { access, licenseClass } from './licenses.ts';
import { code, count, cursor, day, instant, named, optional, text } from './values.ts';

const status = z.enum(RENEWAL_STATUSES);

const renewalHead = {
  renewalId: text,
  status,
  version: text,
  mode: z.enum(RENEWAL_MODES),
  expiringOnOrBefore: optional(day),
  upload: optional(text),
  plannedAt: instant,
  plannedBy: text,
  approved: optional(z.strictObject({ actor: text, at: instant, acceptedShortfall: count })),
  startedAt: optional(instant),
  switchAt: instant,
  cleanupAt: optional(instant),
  finishedAt: optional(instant),
  undo: optional(z.strictObject({ actor: text, at: instant })),
  undoneAt: optional(instant),
  stopped: optional(z.strictObject({ name: text, text })),
};

const renewalRow = z.strictObject({
  row: count,
  old: optional(text),
  new: optional(text),
  class: z.strictObject(licenseClass),
  folder: text,
  user: optional(text),
  validFrom: optional(day),
  expiresOn: optional(day),
  state: optional(z.enum(LIFECYCLE_STATES)),
  setAsideOn: optional(day),
  assignedTo: optional(text),
  currentUser: optional(text),
  since: optional(instant),
  newValidFrom: optional(day),
  newExpiresOn: optional(day),
  daysWithoutLicense: optional(count),
  doubt: optional(z.enum(HOLDER_DOUBTS)),
  outcome: z.enum(ROW_OUTCOMES),
  oldLicense: optional(z.enum(OLD_LICENSE_NOTES)),
  newLicense: optional(z.enum(NEW_LICENSE_NOTES)),
  why: optional(text),
  whyCode: code('renewalRow'),
  whyMembers: named,
  switchedAt: optional(instant),
  deletedAt: optional(instant),
  undoneAt: optional(instant),
});

const doubtfulHolder = z.strictObject({ serialNumber: text, user: text, name: optional(text) });

const renewalStatus = {
  ...renewalHead,
  counts: z.strictObject({
    replaced: count,
    extended: count,
    shortfall: count,
    leftOver: count,
    deleted: count,
    stillInUse: count,
  }),
  progress: z.strictObject({
    rows: count,
    switched: count,
    inZOld: count,
    deleted: count,
    skipped: count,
    undone: count,
  }),
};

/** A renewal after a change. */
export const wholeRenewal = z.strictObject({
  ...renewalStatus,
  shortfall: z.array(
    z.strictObject({
      class: z.strictObject(licenseClass),
      folder: text,
      licenses: z.array(
        z.strictObject({
          serialNumber: text,
          user: optional(text),
          name: optional(text),
          expiresOn: day,
          withoutFrom: day,
        }),
      ),
      instead: z.array(z.strictObject({ folder: text, type: z.enum(LICENSE_TYPES), access, free: count })),
    }),
  ),
  leftOver: z.array(z.strictObject({ class: z.strictObject(licenseClass), serialNumbers: z.array(text) })),
  daysWithoutLicense: z.array(
    z.strictObject({ serialNumber: text, user: optional(text), days: count, after: day, until: day }),
  ),
  waitsInZOld: z.array(z.strictObject({ serialNumber: text, user: text })),
  usersWithoutAccess: z.array(doubtfulHolder),
  secondLicenses: z.array(doubtfulHolder),
  rows: z.array(renewalRow),
  cursor,
});

const renewalText = z.strictObject({ renewalId: text, status, text });

/** With `format=text`, the renewal as text for people. */
export const plannedRenewal = z.union([wholeRenewal, renewalText]);
/** With `rows=none`, the renewal without its rows, and with `format=text` as text for people. */
export const renewal = z.union([wholeRenewal, z.strictObject(renewalStatus), renewalText]);
export const renewalRows = z.strictObject({ renewalId: text, rows: z.array(renewalRow), cursor });
/** `count` is the number of all differences, of which a thousand are listed. */
export const renewalDifferences = z.strictObject({
  renewalId: text,
  status,
  version: text,
  count,
  differences: z.array(
    z.strictObject({
      what: z.enum(DIFFERENCES),
      serialNumber: optional(text),
      user: optional(text),
      planned: optional(text),
      now: optional(text),
    }),
  ),
});
/** `from` is the first day without the license, and `until` the first day of its replacement. */
export const renewalEndings = z.strictObject({
  renewalId: text,
  status,
  version: text,
  days: z.array(z.strictObject({ day, ends: count, replaced: count, extended: count, withoutReplacement: count })),
  people: z.array(
    z.strictObject({
      user: text,
      name: optional(text),
      serialNumber: text,
      class: z.strictObject(licenseClass),
      folder: text,
      from: day,
      until: optional(day),
      keeps: z.array(text),
    }),
  ),
  cursor,
});
export const renewals = z.strictObject({ renewals: z.array(z.strictObject({ ...renewalHead, rows: count })) });
