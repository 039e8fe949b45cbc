import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defined } from '../../../shared/licensing/defined.ts';
import {
  type FileRow,
  type ImportFacts,
  latestIssueDay,
  planLicense,
} from '../../../shared/licensing/license/import-plan.ts';
import type { License } from '../../../shared/licensing/license/license.ts';
import { aLicense, NOW } from '../../fakes/world.ts';

const CHANGE = { actor: 'test', cause: 'import import-2', at: NOW };
const LATER = '2026-02-01';

function anImport(facts: Partial<ImportFacts> = {}): ImportFacts {
  return { tenant: 'acme', importId: 'import-2', issued: LATER, folderId: 'root', change: CHANGE, ...facts };
}

function aRow(facts: Partial<FileRow> = {}): FileRow {
  const row = { serialNumber: 'A1000001', type: 'floating', access: 'write', modules: 'all' } as const;
  return { ...row, validFrom: '2026-01-15', expiresOn: '2027-01-14', ...facts };
}

describe('import plan', () => {
  it('adds an unknown serial number in the folder of the import (R2)', () => {
    const planned = planLicense(anImport({ folderId: 'sales' }), aRow(), undefined);

    expect(planned.outcome).toEqual({ serialNumber: 'A1000001', outcome: 'added' });
    expect(planned.after).toEqual(
      aLicense({
        folderId: 'sales',
        imported: { importId: 'import-2', outcome: 'added', issued: LATER },
        change: CHANGE,
      }),
    );
  });

  it('lets no stored issue date from the future make later files stale', () => {
    const stored = aLicense({ imported: { importId: 'import-1', outcome: 'added', issued: '2126-01-15' } });
    const planned = planLicense(anImport(), aRow({ expiresOn: '2028-01-14' }), stored);

    expect(planned).toMatchObject({
      outcome: { outcome: 'term-changed' },
      after: { expiresOn: '2028-01-14', imported: { issued: LATER } },
    });
  });

  it('replaces a stored issue date from the future also when the term is the same', () => {
    const stored = aLicense({ imported: { importId: 'import-1', outcome: 'added', issued: '2126-01-15' } });
    const planned = planLicense(anImport(), aRow(), stored);

    expect(planned).toMatchObject({ outcome: { outcome: 'unchanged' }, after: { imported: { issued: LATER } } });
  });

  it.each([
    ['2026-03-02T08:15:30.123Z', '2026-03-03'],
    ['2026-03-02T10:00:00.000Z', '2026-03-04'],
  ])('at %s the latest possible issue date is %s', (now, day) => {
    expect(latestIssueDay(now)).toBe(day);
  });

  it('holds a new license back for the renewal that imports it, and a known one never (R36)', () => {
    const by = anImport({ heldBackFor: 'renewal-1' });

    expect(planLicense(by, aRow(), undefined).after).toMatchObject({ heldBackFor: 'renewal-1' });
    expect(planLicense(by, aRow({ expiresOn: '2028-01-14' }), aLicense()).after).not.toHaveProperty('heldBackFor');
  });

  it.each([
    ['unchanged', 'the same content from an equally dated file', {}, '2026-01-15'],
    ['unchanged', 'the same content from an earlier file', {}, '2025-12-01'],
    ['stale', 'another term from an earlier file', { expiresOn: '2028-01-14' }, '2025-12-01'],
    ['conflict', 'another term from an equally dated file', { expiresOn: '2028-01-14' }, '2026-01-15'],
    ['conflict', 'another type', { type: 'dedicated' }, LATER],
    ['conflict', 'another access', { access: 'read' }, LATER],
    ['conflict', 'other modules', { modules: 'CMDB' }, LATER],
    ['conflict', 'another class and another term', { modules: 'CMDB', expiresOn: '2028-01-14' }, '2025-12-01'],
  ] as const)('answers %s and writes nothing for %s (R4, R5)', (outcome, _, row, issued) => {
    const planned = planLicense(anImport({ issued }), aRow(row), aLicense());

    expect(planned.outcome.outcome).toBe(outcome);
    expect(planned).not.toHaveProperty('after');
  });

  it.each([
    ['a longer term', { expiresOn: '2028-01-14' }],
    ['a shorter term', { expiresOn: '2026-06-30' }],
    ['another first day', { validFrom: '2026-02-01' }],
    ['a term without an end', { expiresOn: undefined }],
  ])('takes %s from a later file, and keeps holder, folder and all else (R4)', (_, term) => {
    const before = aLicense({
      type: 'dedicated',
      folderId: 'sales',
      assignedTo: 'ada',
      currentUser: 'ada',
      since: NOW,
    });
    const { expiresOn, ...row } = { ...aRow({ type: 'dedicated' }), ...term };

    const planned = planLicense(anImport(), expiresOn === undefined ? row : { ...row, expiresOn }, before);

    expect(planned.outcome).toMatchObject({ outcome: 'term-changed', detail: expect.stringContaining('2027-01-14') });
    const { expiresOn: _before, ...kept } = before;
    expect(planned.after).toEqual(
      defined({
        ...kept,
        validFrom: row.validFrom,
        expiresOn,
        version: 2,
        imported: { importId: 'import-2', outcome: 'term-changed', issued: LATER },
        change: CHANGE,
      }),
    );
  });

  it('leaves a deleted license deleted, whatever the file says about it (R5)', () => {
    const deleted = aLicense({ deletedAt: NOW });

    for (const row of [aRow(), aRow({ expiresOn: '2028-01-14' }), aRow({ modules: 'CMDB' })]) {
      const planned = planLicense(anImport(), row, deleted);
      expect(planned.outcome.outcome).toBe('deleted-before');
      expect(planned).not.toHaveProperty('after');
    }
  });

  it('remembers a later file with the same facts, and changes no fact of the license', () => {
    const before = aLicense();

    const planned = planLicense(anImport(), aRow(), before);

    expect(planned.outcome).toEqual({ serialNumber: 'A1000001', outcome: 'unchanged' });
    expect(planned.after).toEqual({ ...before, imported: { ...before.imported, issued: LATER } });
  });

  it('comes to the same license in whatever order files of different dates arrive (R3, F02)', () => {
    const day = fc.integer({ min: 10, max: 30 }).map((number) => `2026-01-${number}`);
    const files = fc.uniqueArray(fc.record({ issued: day, expiresOn: fc.constantFrom('2027-01-14', '2028-01-14') }), {
      selector: ({ issued }) => issued,
      minLength: 2,
      maxLength: 5,
    });

    fc.assert(
      fc.property(
        files.chain((inOrder) =>
          fc.tuple(fc.constant(inOrder), fc.shuffledSubarray(inOrder, { minLength: inOrder.length })),
        ),
        ([inOrder, shuffled]) => {
          const arrive = (arriving: typeof inOrder): License | undefined =>
            arriving.reduce<License | undefined>((license, { issued, expiresOn }, index) => {
              const planned = planLicense(anImport({ issued, importId: `${index}` }), aRow({ expiresOn }), license);
              return planned.after ?? license;
            }, undefined);
          const byDate = inOrder.toSorted((one, other) => (one.issued < other.issued ? -1 : 1));
          expect(arrive(shuffled)?.expiresOn).toBe(byDate.at(-1)?.expiresOn);
          expect(arrive(shuffled)?.imported.issued).toBe(byDate.at(-1)?.issued);
        },
      ),
    );
  });
});
