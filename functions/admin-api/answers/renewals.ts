import * as z from 'zod/mini';
import {
  HOLDER_DOUBTS,
  LICENSE_TYPES,
  NEW_LICENSE_NOTES,
  OLD_LICENSE_NOTES,
  RENEWAL_MODES,
  RENEWAL_STATUSES,
  ROW_OUTCOMES,
} from '../../../shared/licensing/vocabulary.ts';
import { access, licenseClass } from './licenses.ts';
import { count, cursor, day, instant, optional, text } from './values.ts';

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
  old: optional(text),
  new: optional(text),
  class: z.strictObject(licenseClass),
  folder: text,
  user: optional(text),
  expiresOn: optional(day),
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
  switchedAt: optional(instant),
  deletedAt: optional(instant),
  undoneAt: optional(instant),
});

const doubtfulHolder = z.strictObject({ serialNumber: text, user: text, name: optional(text) });

/** A renewal after a change. */
export const wholeRenewal = z.strictObject({
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

/** With `format=text`, the renewal as text for people. */
export const renewal = z.union([wholeRenewal, z.strictObject({ renewalId: text, status, text })]);
export const renewals = z.strictObject({ renewals: z.array(z.strictObject({ ...renewalHead, rows: count })) });
