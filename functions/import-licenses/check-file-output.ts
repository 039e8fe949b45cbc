import { issueDateFault } from '../../shared/imports/issue-date.ts';
import { shorten } from '../../shared/license-file/faults.ts';
import { asWritten } from '../../shared/license-file/format.ts';
import type { LicenseFileReading } from '../../shared/license-file/read-license-file.ts';
import type { Instant } from '../../shared/licensing/time.ts';

export type FileAnswer = { accepted: boolean; output: string };

/** Returns the reading after an import's judgment of the issue date, which needs a clock. */
export function withIssueDate(reading: LicenseFileReading, now: Instant): LicenseFileReading {
  const fault = reading.verdict === 'accept' ? issueDateFault(reading.issued, now) : undefined;
  return fault === undefined ? reading : { verdict: 'reject:schema', ignored: reading.ignored, faults: [fault] };
}

/** Returns the reading of a file as one JSON line, or as lines for people. */
export function toAnswer(file: string, asText: boolean, reading: LicenseFileReading): FileAnswer {
  const output = asText ? toText(file, reading) : `${JSON.stringify(toRow(file, reading))}\n`;
  return { accepted: reading.verdict === 'accept', output };
}

function toRow(file: string, reading: LicenseFileReading) {
  const { verdict, ignored } = reading;
  if (reading.verdict !== 'accept') return { file, verdict, licenses: [], ignored, faults: reading.faults };
  const licenses = reading.licenses.map((license) => asWritten(license, reading.customer));
  return { file, verdict, licenses, ignored, faults: [] };
}

function toText(file: string, reading: LicenseFileReading): string {
  const ignored = reading.ignored.map((path) => `  ignored: ${path}`);
  const name = shorten(file.slice(-60));
  if (reading.verdict !== 'accept') {
    const faults = reading.faults.map(({ code, place, text }) => `  ${place}: ${text} [${code}]`);
    return [`${name}: rejected (${reading.verdict})`, ...faults, ...ignored, ''].join('\n');
  }
  const { customer, issued } = reading;
  const licenses = reading.licenses.map((license) => {
    const { serialNumber, type, modules, access, validFrom, expiryDate } = asWritten(license, customer);
    return `  ${serialNumber}  ${type}  ${modules}  ${access}  ${validFrom} to ${expiryDate}`;
  });
  const count = licenses.length === 1 ? '1 license' : `${licenses.length} licenses`;
  return [`${name}: accepted, ${count} for ${shorten(customer)}, issued ${issued}`, ...licenses, ...ignored, ''].join(
    '\n',
  );
}
