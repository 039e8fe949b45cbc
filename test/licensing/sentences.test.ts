import { describe, expect, it } from 'vitest';
import { codesOf, namesIn, readSentence, SENTENCES, type Subject, sentence } from '../../shared/licensing/sentences.ts';

const SUBJECTS = Object.keys(SENTENCES) as Subject[];

/** What each member may be; each value holds characters that a pattern could take for its own. */
const VALUES: Readonly<Record<string, string>> = {
  type: 'floating',
  serialNumber: 'A(1)+*[?]',
  modules: 'CMDB',
  expiresOn: '2027-01-14',
  at: '2026-03-02T08:15:32.159Z',
  count: '3',
};

const ALL = SUBJECTS.flatMap((subject) => codesOf(subject).map((code) => ({ subject, code: code as string })));

const make = (subject: Subject, code: string, members: object): string =>
  (sentence as (subject: Subject, code: string, members: object) => string)(subject, code, members);

describe('each sentence', () => {
  it.each(ALL)('leads back to its code and its members: $subject $code', ({ subject, code }) => {
    const template = (SENTENCES[subject] as Readonly<Record<string, string>>)[code]!;
    const members = Object.fromEntries(namesIn(template).map((name) => [name, VALUES[name] ?? `any ${name}`]));

    expect(readSentence(subject, make(subject, code, members))).toEqual({ code, members });
  });

  it('leaves out a part whose member is absent', () => {
    const text = sentence('licenseInformation', 'floating-in-use', {
      type: 'floating',
      serialNumber: 'A1',
      modules: undefined,
    });

    expect(text).toBe('floating, serial A1 (in use)');
    expect(readSentence('licenseInformation', text)).toEqual({
      code: 'floating-in-use',
      members: { type: 'floating', serialNumber: 'A1' },
    });
  });

  it('is read in one line or several', () => {
    const members = { serialNumber: 'A1', at: '2026-03-02T08:15:32.159Z', actor: 'a\nb', cause: 'import' };

    expect(readSentence('renewalRow', sentence('renewalRow', 'changed-since', members))).toEqual({
      code: 'changed-since',
      members,
    });
  });

  it('that no code has is not read', () => {
    expect(readSentence('renewalRow', 'something else')).toBeUndefined();
  });
});
