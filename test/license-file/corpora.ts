import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { FIELDS, type WrittenLicense } from '../../shared/license-file/format.ts';

const written = z.object({
  serial: z.string(),
  type: z.string(),
  modules: z.string(),
  access: z.string(),
  valid_from: z.string(),
  expiry: z.string(),
  customer: z.string(),
});
const manifest = z.object({
  cases: z.array(
    z.object({
      file: z.string(),
      what: z.string(),
      expect: z.string(),
      also_ok: z.array(z.string()),
      records: z.optional(z.union([z.array(written), z.object({ count: z.number(), first: written, last: written })])),
    }),
  ),
});

export type CorpusCase = {
  path: string;
  file: string;
  what: string;
  verdicts: readonly string[];
  /**
   * How many licenses an accepting reader has read, and some of them by index; undefined where the manifest says
   * nothing.
   */
  records: { count: number; licenses: readonly (readonly [index: number, license: WrittenLicense])[] } | undefined;
};

/** The published cases, with the verdicts that are sound for each. */
export function corpusCases(): readonly CorpusCase[] {
  return ['zips', 'xml'].flatMap((folder) => {
    const root = new URL(`../fixtures/corpora/${folder}/`, import.meta.url);
    const { cases } = manifest.parse(JSON.parse(readFileSync(new URL('manifest.json', root), 'utf8')));
    return cases.map(({ file, what, expect, also_ok, records }) => ({
      path: fileURLToPath(new URL(file, root)),
      file,
      what,
      verdicts: [expect, ...also_ok],
      records: toRecords(records),
    }));
  });
}

function toRecords(records: z.infer<typeof manifest>['cases'][number]['records']): CorpusCase['records'] {
  if (records === undefined) return undefined;
  if (Array.isArray(records)) {
    return { count: records.length, licenses: records.map((record, index) => [index, toWritten(record)] as const) };
  }
  const { count, first, last } = records;
  return { count, licenses: [[0, toWritten(first)] as const, [count - 1, toWritten(last)] as const] };
}

function toWritten(record: z.infer<typeof written>): WrittenLicense {
  const values = Object.values(record);
  return Object.fromEntries(FIELDS.map((field, index) => [field, values[index]])) as WrittenLicense;
}
