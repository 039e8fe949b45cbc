import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asWritten } from '../../shared/license-file/format.ts';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';
import { corpusCases } from './corpora.ts';

describe('the published cases', () => {
  it('are all there', () => {
    expect(corpusCases()).toHaveLength(153);
  });

  it.each(corpusCases())('$file: $what', async ({ path, verdicts, records }) => {
    const reading = await readLicenseFile(readFileSync(path), path);

    expect(verdicts).toContain(reading.verdict);
    if (reading.verdict !== 'accept') {
      expect(reading.faults.length).toBeGreaterThan(0);
      for (const { code, place, text } of reading.faults) {
        expect(code).toMatch(/^[a-z0-9-]+$/);
        expect(place).not.toBe('');
        expect(text.length).toBeLessThan(320);
      }
      return;
    }
    if (records === undefined) return;
    expect(reading.licenses).toHaveLength(records.count);
    for (const [index, license] of records.licenses) {
      expect(asWritten(reading.licenses[index]!, reading.customer)).toEqual(license);
    }
  });
});
