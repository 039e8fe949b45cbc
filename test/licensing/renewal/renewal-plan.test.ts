import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { License } from '../../../shared/licensing/license/license.ts';
import { type OfferedLicense, planRenewal } from '../../../shared/licensing/renewal/renewal-plan.ts';
import { aLicense } from '../../fakes/world.ts';

const DAY = '2027-01-14';

function old(serialNumber: string, facts: Partial<License> = {}): License {
  return aLicense({ serialNumber, expiresOn: DAY, ...facts });
}

function offer(serialNumber: string, facts: Partial<OfferedLicense> = {}): OfferedLicense {
  return {
    serialNumber,
    type: 'floating',
    access: 'write',
    modules: 'all',
    validFrom: '2027-01-15',
    expiresOn: '2028-01-14',
    ...facts,
  };
}

function plan(licenses: readonly License[], offers: readonly OfferedLicense[], issued = '2027-01-01') {
  const known = new Map(licenses.map((license) => [license.serialNumber, license]));
  return planRenewal(
    licenses,
    { onOrBefore: DAY },
    { file: { issued, licenses: offers }, known, folderId: 'root', plannedAt: '2026-12-31T08:00:00.000Z' },
  );
}

describe('the plan of a renewal (R34)', () => {
  it('gives each expiring license a new one of its class, with its folder and its user', () => {
    const rows = plan(
      [
        old('A', { type: 'dedicated', folderId: 'finance', assignedTo: 'ada' }),
        old('B', { currentUser: 'bob' }),
        old('LATER', { expiresOn: '2027-01-15' }),
      ],
      [offer('N-F'), offer('N-D', { type: 'dedicated' })],
    );

    expect(
      rows.map((row) => [row.old?.serialNumber, row.new?.serialNumber, row.folderId, row.user, row.outcome]),
    ).toEqual([
      ['B', 'N-F', 'root', 'bob', 'replaced'],
      ['A', 'N-D', 'finance', 'ada', 'replaced'],
    ]);
  });

  it('gives scarce replacements first to users at work, then to owners, then to licenses without a user, and then by serial number', () => {
    const dedicated = { type: 'dedicated' } as const;
    const rows = plan(
      [
        old('1-FREE', dedicated),
        old('3-OWNED', { ...dedicated, assignedTo: 'cyd' }),
        old('2-OWNED', { ...dedicated, assignedTo: 'bob' }),
        old('9-USED', { ...dedicated, assignedTo: 'ada', currentUser: 'ada' }),
      ],
      [offer('N1', dedicated), offer('N2', dedicated)],
    );

    expect(rows.map((row) => [row.old?.serialNumber, row.new?.serialNumber, row.user, row.outcome])).toEqual([
      ['9-USED', 'N1', 'ada', 'replaced'],
      ['2-OWNED', 'N2', 'bob', 'replaced'],
      ['3-OWNED', undefined, 'cyd', 'shortfall'],
      ['1-FREE', undefined, undefined, 'shortfall'],
    ]);
  });

  it('extends a license whose stored issue date lies in the future, as the import does (R4)', () => {
    const imported = { importId: 'import-1', outcome: 'added', issued: '2206-01-15' } as const;
    const rows = plan([old('A', { imported })], [offer('A')]);

    expect(rows).toMatchObject([{ old: { serialNumber: 'A' }, outcome: 'extended' }]);
  });

  it('replaces nothing that the file itself extends', () => {
    const rows = plan([old('A'), old('B')], [offer('A'), offer('N')]);

    expect(rows.map((row) => [row.old?.serialNumber, row.new?.serialNumber, row.outcome])).toEqual([
      ['A', undefined, 'extended'],
      ['B', 'N', 'replaced'],
    ]);
  });

  it('does not take an equally dated file for an extension', () => {
    const [row] = plan([old('A')], [offer('A')], '2026-01-15');

    expect(row).toMatchObject({ outcome: 'shortfall' });
  });

  it('names the new licenses that replace none, also one that expires with the old ones', () => {
    const rows = plan(
      [old('A')],
      [offer('SHORT', { validFrom: '2026-01-15', expiresOn: DAY }), offer('N1'), offer('N2')],
    );

    expect(rows.map((row) => [row.old?.serialNumber, row.new?.serialNumber, row.outcome])).toEqual([
      ['A', 'N1', 'replaced'],
      [undefined, 'SHORT', 'left-over'],
      [undefined, 'N2', 'left-over'],
    ]);
  });

  it('leaves licenses alone that are in zOld, held back or deleted', () => {
    const rows = plan(
      [
        old('Z', { folderId: 'zOld', setAsideOn: '2026-12-01' }),
        old('H', { heldBackFor: 'r1' }),
        old('D', { deletedAt: '2026-12-01T00:00:00.000Z' }),
      ],
      [],
    );

    expect(rows).toEqual([]);
  });

  it('may use licenses that an earlier renewal imported and left held back', () => {
    const heldBack = aLicense({
      serialNumber: 'N',
      validFrom: '2027-01-15',
      expiresOn: '2028-01-14',
      heldBackFor: 'r1',
    });

    const [row] = plan([old('A'), heldBack], [offer('N')]);

    expect(row).toMatchObject({ outcome: 'replaced', new: { serialNumber: 'N' } });
  });

  it('is the same whatever the order of licenses and file', () => {
    const licenses = ['D', 'B', 'A', 'C'].map((serialNumber) => old(serialNumber));
    const offers = ['N3', 'N1', 'N2'].map((serialNumber) => offer(serialNumber));
    const expected = plan(licenses, offers);

    fc.assert(
      fc.property(
        fc.shuffledSubarray(licenses, { minLength: 4 }),
        fc.shuffledSubarray(offers, { minLength: 3 }),
        (someLicenses, someOffers) => {
          expect(plan(someLicenses, someOffers)).toEqual(expected);
        },
      ),
    );
  });
});
