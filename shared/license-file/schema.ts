import * as z from 'zod/mini';
import { type FaultCode, quote } from './faults.ts';
import {
  ACCESSES,
  ALL_MODULES,
  type Field,
  type FileLicense,
  LONGEST_MODULE_NAME,
  NEVER,
  SERIAL_NUMBER,
  TYPES,
  WRITTEN_TYPES,
} from './format.ts';

/** U+FFFD stands for a letter that a program could not read. U+FFFE and U+FFFF are not characters. */
const LOST = /[\uFFFD-\uFFFF]/u;
const line = z.string().check(z.regex(/^[^\p{Cc}\p{Cs}\u2028\u2029\uFFFD-\uFFFF]+$/u));
const day = z.iso.date();

/** A license in the file's own words. */
export const writtenLicense = z.object({
  serialNumber: z.string().check(z.regex(SERIAL_NUMBER)),
  type: z.enum(WRITTEN_TYPES),
  modules: line.check(z.refine(isModuleName)),
  access: z.enum(ACCESSES),
  validFrom: day,
  expiryDate: z.union([z.literal(NEVER), day]),
  customer: line,
});
export const writtenRoot = z.object({ customer: line, issued: day });

/**
 * Returns whether the text is a module's name. A name that a reader could mistake for "All modules", or for our own
 * word for it, is not.
 */
function isModuleName(name: string): boolean {
  if (name === ALL_MODULES) return true;
  const squeezed = name
    .normalize('NFKC')
    .replace(/[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu, '')
    .toLowerCase();
  return [...name].length <= LONGEST_MODULE_NAME && squeezed !== 'allmodules' && squeezed !== 'all';
}

/** Converts a valid license from the file's own words to the service's. */
export function toLicense(written: z.infer<typeof writtenLicense>): FileLicense {
  const { serialNumber, modules, validFrom, expiryDate } = written;
  return {
    serialNumber,
    type: TYPES[written.type],
    modules: modules === ALL_MODULES ? 'all' : modules,
    access: ACCESSES[written.access],
    validFrom,
    ...(expiryDate === NEVER ? {} : { expiresOn: expiryDate }),
  };
}

/** Returns code and text of the fault of a value that the schema refuses. */
export function valueFault(field: Field | 'issued', value: unknown): { code: FaultCode; text: string } {
  if (typeof value !== 'string')
    return { code: 'value-missing', text: `${field} is missing. Get the file again from the vendor.` };
  if (value === '') {
    const never = field === 'expiryDate' ? ` A license that does not expire says "${NEVER}".` : '';
    return { code: 'value-empty', text: `${field} is empty.${never} Get the file again from the vendor.` };
  }
  if (LOST.test(value)) {
    const text = `${quote(value)}: a letter of this value was lost (U+FFFD). A program has saved the file in another encoding.`;
    return { code: 'letter-lost', text: `${text} Get the file again from the vendor.` };
  }
  const [code, expected] = EXPECTED[field];
  return { code, text: `${quote(value)} is not possible here: ${expected}` };
}

const DAY = 'a calendar day is written as YYYY-MM-DD, for example 2027-01-14.';
const ONE_LINE = 'it has line breaks or control characters in it.';
const EXPECTED: Record<Field | 'issued', readonly [code: FaultCode, expected: string]> = {
  serialNumber: [
    'serial-number-impossible',
    'a serial number is 1 to 64 letters (A-Z, a-z), digits, dots, hyphens and underscores, the first a letter or digit.',
  ],
  type: ['type-unknown', `a license is ${Object.keys(TYPES).join(' or ')}.`],
  modules: [
    'modules-impossible',
    `it is "${ALL_MODULES}", written exactly so, or a module's name of 1 to ${LONGEST_MODULE_NAME} characters.`,
  ],
  access: ['access-unknown', `access is ${Object.keys(ACCESSES).join(' or ')}.`],
  validFrom: ['day-impossible', DAY],
  expiryDate: ['day-impossible', `${DAY} A license that does not expire says "${NEVER}".`],
  customer: ['customer-impossible', ONE_LINE],
  issued: ['day-impossible', DAY],
};
