import * as z from 'zod/mini';
import { IMPORT_OUTCOMES, REPORT_STATUSES } from '../../../shared/licensing/vocabulary.ts';
import { licenseClass } from './licenses.ts';
import { code, count, cursor, day, instant, named, optional, text } from './values.ts';

export const uploadForm = z.strictObject({
  key: text,
  url: text,
  fields: z.record(text, text),
  mostBytes: count,
  validUntil: instant,
});
export const pasted = z.strictObject({ key: text });

/** A file in the area for renewals. `importId` is the import by which a renewal has taken it. */
export const waitingUploads = z.strictObject({
  uploads: z.array(
    z.strictObject({ key: text, name: text, size: count, uploadedAt: instant, importId: optional(text) }),
  ),
  cursor,
});

/** The address of a download. */
export const download = z.strictObject({
  key: text,
  name: text,
  size: count,
  uploadedAt: instant,
  url: text,
  validUntil: instant,
});

const counts = z.strictObject({
  added: count,
  termChanged: count,
  unchanged: count,
  stale: count,
  conflict: count,
  deletedBefore: count,
});

const faults = z.array(z.strictObject({ code: text, place: text, text }));

const importFacts = { importId: text, tenant: text, key: text, receivedAt: instant, uploadedBy: optional(text) };

const reportHead = {
  ...importFacts,
  versionId: optional(text),
  finishedAt: instant,
  status: z.enum(REPORT_STATUSES),
  issued: optional(day),
  sameAs: optional(text),
  counts,
  ignored: z.array(text),
  faults,
};

/** An import that is not finished. `counts` may be somewhat behind; `licenses` is how many the file has. */
const running = z.strictObject({
  ...importFacts,
  status: z.literal('running'),
  issued: day,
  licenses: optional(count),
  counts,
});

export const imports = z.strictObject({
  imports: z.array(z.union([z.strictObject(reportHead), running])),
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
        detailCode: code('importDetail'),
        detailMembers: named,
      }),
    ),
    cursor,
  }),
  running,
  z.strictObject({ importId: text, status: z.enum([...REPORT_STATUSES, 'running']), text, cursor }),
]);

const previewHead = {
  previewId: text,
  previewedAt: instant,
  expiresAt: instant,
  status: z.enum(REPORT_STATUSES),
  counts,
  faults,
  issued: optional(day),
  folder: optional(text),
  sameAs: optional(text),
  ignored: z.array(text),
};

/** A license in the file or as it is now, with the issue date of the file that gave it its term. */
const side = { ...licenseClass, validFrom: day, expiresOn: optional(day), issued: day };

/** What an import would do with one license. `present` is absent for a license that is not known. */
const previewedLicenses = z.array(
  z.strictObject({
    serialNumber: text,
    outcome: z.enum(IMPORT_OUTCOMES),
    detail: optional(text),
    detailCode: code('importDetail'),
    detailMembers: named,
    file: z.strictObject(side),
    present: optional(z.strictObject({ ...side, folder: text, deletedAt: optional(instant), version: count })),
  }),
);

/** The preview of an uploaded file. Its licenses are read by its id. */
export const storedPreview = z.strictObject(previewHead);
/** The preview of a pasted text. If not all licenses fit, `isWhole` is false, and all of them are read by its id. */
export const preview = z.strictObject({ ...previewHead, licenses: previewedLicenses, isWhole: z.boolean() });
export const previewPage = z.strictObject({ ...previewHead, licenses: previewedLicenses, cursor });
