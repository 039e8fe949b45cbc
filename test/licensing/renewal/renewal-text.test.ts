import { describe, expect, it } from 'vitest';
import type { License } from '../../../shared/licensing/license/license.ts';
import { type ExpiringBy, type OfferedLicense, planRenewal } from '../../../shared/licensing/renewal/renewal-plan.ts';
import { summaryOf } from '../../../shared/licensing/renewal/renewal-summary.ts';
import { renewalText, type TextFacts } from '../../../shared/licensing/renewal/renewal-text.ts';
import { aLicense } from '../../fakes/world.ts';

const FACTS: TextFacts = {
  renewalId: '2027',
  status: 'planned',
  expiringOnOrBefore: '2027-01-14',
  mode: 'assign',
  plannedAt: '2026-12-01T08:00:00.000Z',
  switchAt: '2027-01-17T22:00:00.000Z',
  upload: 'tenants/acme/renewals/2027.zip',
};
const PATHS: Record<string, string> = { root: '', finance: 'Finance', helsinki: 'Finance/Helsinki' };
const pathOf = (folderId: string): string => PATHS[folderId] ?? folderId;

const dedicated = (serialNumber: string, facts: Partial<License> = {}): License =>
  aLicense({ serialNumber, type: 'dedicated', folderId: 'finance', ...facts });
const offer = (serialNumber: string, facts: Partial<OfferedLicense> = {}): OfferedLicense => ({
  serialNumber,
  type: 'dedicated',
  access: 'write',
  modules: 'all',
  validFrom: '2027-01-15',
  expiresOn: '2028-01-14',
  ...facts,
});

function planned(licenses: readonly License[], offers: readonly OfferedLicense[], by: ExpiringBy) {
  const known = new Map(licenses.map((license) => [license.serialNumber, license]));
  const file = { issued: '2026-12-01', licenses: offers };
  return planRenewal(licenses, by, { file, known, folderId: 'root', plannedAt: '2026-12-01T08:00:00.000Z' });
}

/** A plan in which everything happens that a plan can tell of. */
const ROWS = planned(
  [
    dedicated('D1', { assignedTo: 'ada', currentUser: 'ada', since: '2026-12-01T07:00:00.000Z' }),
    dedicated('D2', { assignedTo: 'bob' }),
    dedicated('D3', { assignedTo: 'cyd' }),
    dedicated('D4'),
    dedicated('C1', { modules: 'CMDB', folderId: 'helsinki', assignedTo: 'dan' }),
    dedicated('C2', { modules: 'CMDB', folderId: 'helsinki', assignedTo: 'eve' }),
    aLicense({ serialNumber: 'F1', currentUser: 'fay' }),
    aLicense({ serialNumber: 'F2' }),
    aLicense({ serialNumber: 'R1', access: 'read' }),
  ],
  [
    offer('N1', { validFrom: '2027-01-10' }),
    offer('N2', { validFrom: '2027-01-16' }),
    offer('N3', { modules: 'CMDB', validFrom: '2027-01-18' }),
    offer('F1', { type: 'floating' }),
    offer('N4', { type: 'floating', validFrom: '2027-01-18' }),
    offer('N5', { type: 'floating', access: 'read' }),
    offer('N6', { type: 'floating', access: 'read' }),
    offer('N7', { type: 'floating', access: 'read' }),
    offer('N8', { type: 'dedicated', access: 'read' }),
  ],
  { onOrBefore: '2027-01-14' },
);

const FREE = [
  { folderId: 'finance', type: 'floating', access: 'write', free: 2 },
  { folderId: 'root', type: 'dedicated', access: 'write', free: 1 },
  { folderId: 'root', type: 'floating', access: 'read', free: 7 },
  { folderId: 'sales', type: 'floating', access: 'write', free: 5 },
] as const;

describe('a renewal as a text for people (R34)', () => {
  it('names doubtful holders, whether or not replacements are short', () => {
    const [row] = ROWS.filter(({ old }) => old?.serialNumber === 'D2');
    const rows = [
      { ...row!, doubt: 'no-access' as const },
      { ...row!, old: { ...row!.old!, serialNumber: 'D9' }, doubt: 'second-license' as const },
    ];

    const text = renewalText(FACTS, rows, summaryOf(rows), pathOf);

    expect(text).toContain('Assigned to users without access:\n  D2 (bob)\n');
    expect(text).toContain('Second license of the class for one user:\n  D9 (bob)\n');
    expect(text).not.toContain('Without a replacement:');
  });

  it('names who would lose a license, who has none for days, who waits, and what is left over', () => {
    expect(renewalText(FACTS, ROWS, summaryOf(ROWS, FREE), pathOf)).toBe(`\
Renewal 2027: planned
9 licenses expiring on or before 2027-01-14; new licenses from tenants/acme/renewals/2027.zip; mode assign
Planned at 2026-12-01T08:00:00.000Z; the last switch is at 2027-01-17T22:00:00.000Z

5 replaced, 1 extended, 3 without a replacement

Without a replacement:
  1 license, dedicated write, CMDB, in Finance/Helsinki: C2 (eve)
    Without it from 2027-01-15: eve
    Free for them instead: 1 dedicated write in the root
  2 licenses, dedicated write, all modules, in Finance: D3 (cyd), D4 (nobody)
    Without it from 2027-01-15: cyd
    Free for them instead: 2 floating write in Finance, 1 dedicated write in the root

Days without a license:
  C1 (dan): 3 days between 2027-01-14 and 2027-01-18
  D2 (bob): 1 day between 2027-01-14 and 2027-01-16
  F2 (nobody): 3 days between 2027-01-14 and 2027-01-18

In use, waiting in zOld until the sessions end:
  D1 (ada)

New licenses left over:
  floating read, all modules: N6, N7
  dedicated read, all modules: N8

License by license:
  D1 -> N1 | dedicated write, all modules, Finance, ada | expires 2027-01-14 | replaced
  F1 -> - | floating write, all modules, the root, fay | expires 2027-01-14 | extended
  C1 -> N3 | dedicated write, CMDB, Finance/Helsinki, dan | expires 2027-01-14 | replaced, 3 days without a license
  C2 -> - | dedicated write, CMDB, Finance/Helsinki, eve | expires 2027-01-14 | shortfall
  D2 -> N2 | dedicated write, all modules, Finance, bob | expires 2027-01-14 | replaced, 1 day without a license
  D3 -> - | dedicated write, all modules, Finance, cyd | expires 2027-01-14 | shortfall
  D4 -> - | dedicated write, all modules, Finance, nobody | expires 2027-01-14 | shortfall
  F2 -> N4 | floating write, all modules, the root, nobody | expires 2027-01-14 | replaced, 3 days without a license
  R1 -> N5 | floating read, all modules, the root, nobody | expires 2027-01-14 | replaced
  - -> N6 | floating read, all modules, the root, nobody | left-over
  - -> N7 | floating read, all modules, the root, nobody | left-over
  - -> N8 | dedicated read, all modules, the root, nobody | left-over
`);
  });

  it('reports the outcome of each license of a finished one', () => {
    const [planned] = ROWS.filter(({ old }) => old?.serialNumber === 'F2');
    const rows = [planned].flatMap((row) =>
      row === undefined ? [] : [{ ...row, outcome: 'skipped', oldLicense: 'still-in-use', why: 'it was changed' }],
    );
    const { expiringOnOrBefore: _, upload: _upload, plannedAt: _plannedAt, ...facts } = FACTS;

    expect(renewalText({ ...facts, status: 'finished', mode: 'auto-allocate' }, rows, summaryOf([]), pathOf)).toBe(`\
Renewal 2027: finished
1 listed license; new licenses imported already; mode auto-allocate
Planned at an unknown time; the last switch is at 2027-01-17T22:00:00.000Z

0 replaced, 0 extended, 0 without a replacement

License by license:
  F2 -> N4 | floating write, all modules, the root, nobody | expires 2027-01-14 | skipped, 3 days without a license, old license still-in-use | it was changed
`);
  });
});

describe('the summary of a renewal (R34)', () => {
  it('counts licenses that were set aside without a replacement among those without one, and nowhere else', () => {
    const rows = ROWS.filter(({ old }) => ['D3', 'D4'].includes(old?.serialNumber ?? '')).map((row) => ({
      ...row,
      outcome: 'set-aside',
    }));

    expect(summaryOf(rows)).toEqual({
      shortfall: [
        {
          class: { type: 'dedicated', access: 'write', modules: 'all' },
          folderId: 'finance',
          licenses: [
            { serialNumber: 'D3', user: 'cyd', expiresOn: '2027-01-14', withoutFrom: '2027-01-15' },
            { serialNumber: 'D4', expiresOn: '2027-01-14', withoutFrom: '2027-01-15' },
          ],
          instead: [],
        },
      ],
      leftOver: [],
      daysWithoutLicense: [],
      waitsInZOld: [],
      usersWithoutAccess: [],
      secondLicenses: [],
    });
  });

  it('has no days without a license where the new term begins in time', () => {
    const rows = ROWS.filter(({ old }) => ['D1', 'R1'].includes(old?.serialNumber ?? ''));

    expect(summaryOf(rows).daysWithoutLicense).toEqual([]);
  });
});
