import * as z from 'zod/mini';
import { IMPORT_OUTCOMES, REPORT_STATUSES } from '../../../shared/licensing/vocabulary.ts';
import { count, cursor, day, instant, optional, text } from './values.ts';

export const uploadForm = z.strictObject({
  key: text,
  url: text,
  fields: z.record(text, text),
  mostBytes: count,
  validUntil: instant,
});
export const pasted = z.strictObject({ key: text });

const importFacts = { importId: text, tenant: text, key: text, receivedAt: instant, uploadedBy: optional(text) };

const reportHead = {
  ...importFacts,
  versionId: optional(text),
  finishedAt: instant,
  status: z.enum(REPORT_STATUSES),
  issued: optional(day),
  sameAs: optional(text),
  counts: z.strictObject({
    added: count,
    termChanged: count,
    unchanged: count,
    stale: count,
    conflict: count,
    deletedBefore: count,
  }),
  ignored: z.array(text),
  faults: z.array(z.strictObject({ code: text, place: text, text })),
};

export const imports = z.strictObject({
  imports: z.array(
    z.union([
      z.strictObject(reportHead),
      z.strictObject({ ...importFacts, status: z.literal('running'), issued: day }),
    ]),
  ),
  cursor,
});

/** With `format=text`, a page of the report as text for people. */
export const importReport = z.union([
  z.strictObject({
    ...reportHead,
    licenses: z.array(
      z.strictObject({
        serialNumber: text,
        outcome: z.enum(IMPORT_OUTCOMES),
        detail: optional(text),
      }),
    ),
    cursor,
  }),
  z.strictObject({ importId: text, status: z.enum(REPORT_STATUSES), text, cursor }),
]);
