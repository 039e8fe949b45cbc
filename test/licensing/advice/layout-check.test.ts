import { describe, expect, it } from 'vitest';
import { layoutCheck, NAMED_AT_MOST } from '../../../shared/licensing/advice/layout-check.ts';
import { ROOT, Z_OLD } from '../../../shared/licensing/folder-tree.ts';
import type { License } from '../../../shared/licensing/license/license.ts';
import type { UserCard } from '../../../shared/licensing/login/user-card.ts';
import { aLicense, aUserCard } from '../../fakes/world.ts';

const TODAY = '2026-03-02';
const dedicated = (facts: Partial<License>) => aLicense({ type: 'dedicated', ...facts });
const cmdb = (facts: Partial<License>) => dedicated({ modules: 'CMDB', ...facts });

function warningsOf(
  licenses: readonly License[],
  cards: readonly UserCard[] = [],
  environment: 'cloud' | 'on-premises' = 'cloud',
) {
  const check = layoutCheck({ environment }, TODAY);
  for (const license of licenses) check.addLicense(license);
  for (const card of cards) check.addUserCard(card);
  return check.warnings();
}

describe('the layout check (R44)', () => {
  it('warns of module-specific and all-modules licenses in one folder', () => {
    const warnings = warningsOf(
      [
        aLicense({ folderId: 'finance' }),
        cmdb({ folderId: 'finance', assignedTo: 'bob' }),
        cmdb({ folderId: 'sales' }),
      ],
      [aUserCard(), aUserCard({ folderId: 'sales', level: 'no-access' })],
    );

    expect(warnings).toEqual([{ warning: 'modules-mixed-in-folder', folderId: 'finance', count: 2 }]);
  });

  it('warns of a free all-modules license in the root of a tenant that has module-specific ones', () => {
    const free = aLicense({ serialNumber: 'F1' });
    const used = aLicense({ serialNumber: 'F2', currentUser: 'ada' });
    const specific = cmdb({ folderId: 'sales', assignedTo: 'bob' });

    expect(warningsOf([free, used])).toEqual([]);
    expect(warningsOf([free, used, specific])).toEqual([
      { warning: 'free-all-modules-in-root', folderId: ROOT, count: 1, serialNumbers: ['F1'] },
    ]);
  });

  it.each<[string, readonly License[], Partial<UserCard>]>([
    ['nothing is there', [], {}],
    ['only reading is there', [aLicense({ access: 'read' })], {}],
    ['only writing is there', [aLicense()], { level: 'readonly' }],
    ['the floating license is in another folder', [aLicense({ folderId: 'sales' })], {}],
    ['the floating license has expired', [aLicense({ expiresOn: '2026-03-01' })], {}],
    ['the dedicated license is somebody else’s', [dedicated({ assignedTo: 'bob' })], {}],
    ['only a module-specific license is there', [cmdb({ assignedTo: 'bob' })], {}],
  ])('warns of a user card whose folder and root hold nothing it could get: %s', (_why, licenses, card) => {
    const warnings = warningsOf(licenses, [aUserCard(card)]);

    expect(warnings).toEqual([{ warning: 'nothing-for-user-card', folderId: 'finance', count: 1, users: ['ada'] }]);
  });

  it.each<[string, readonly License[], Partial<UserCard>]>([
    ['a floating license that is in use will come back', [aLicense({ currentUser: 'bob' })], {}],
    ['a dedicated one is free in the root', [dedicated({}), dedicated({ assignedTo: 'bob' })], { folderId: ROOT }],
    ['it may not log in at all', [], { level: 'no-access' }],
    ['it has a license of its own', [], { assigned: { D1: { ...cmdb({}), folderId: 'sales' } } }],
  ])('does not warn of a user card when %s', (_why, licenses, card) => {
    expect(warningsOf(licenses, [aUserCard(card)])).toEqual([]);
  });

  it('knows that nobody gets a dedicated license at login on premises (R19)', () => {
    const warnings = warningsOf([dedicated({ folderId: 'finance' })], [aUserCard()], 'on-premises');

    expect(warnings.map(({ warning }) => warning)).toEqual(['nothing-for-user-card']);
  });

  it('warns of expired licenses assigned, and of licenses in zOld assigned', () => {
    const warnings = warningsOf([
      dedicated({ serialNumber: 'D1', assignedTo: 'ada', expiresOn: '2026-03-01' }),
      dedicated({ serialNumber: 'D2', assignedTo: 'ada', expiresOn: TODAY }),
      dedicated({ serialNumber: 'D3', assignedTo: 'bob', folderId: Z_OLD }),
      dedicated({ serialNumber: 'D4', folderId: Z_OLD }),
    ]);

    expect(warnings).toEqual([
      { warning: 'expired-assigned', folderId: ROOT, count: 1, serialNumbers: ['D1'] },
      { warning: 'set-aside-assigned', folderId: Z_OLD, count: 1, serialNumbers: ['D3'] },
    ]);
  });

  it('warns of free dedicated licenses in a folder without user cards', () => {
    const licenses = [dedicated({ serialNumber: 'D1', folderId: 'sales' }), dedicated({ assignedTo: 'ada' })];

    expect(warningsOf(licenses)).toEqual([
      { warning: 'dedicated-without-user-cards', folderId: 'sales', count: 1, serialNumbers: ['D1'] },
    ]);
    expect(warningsOf(licenses, [aUserCard({ folderId: 'sales' })])).toEqual([]);
  });

  it('leaves out what is deleted or held back, and names a hundred at most', () => {
    const gone = dedicated({ folderId: 'sales', deletedAt: '2026-03-01T00:00:00.000Z' });
    const held = dedicated({ folderId: 'sales', heldBackFor: '2026' });
    const many = Array.from({ length: 250 }, (_, index) => dedicated({ serialNumber: `D${index}`, folderId: 'sales' }));

    expect(warningsOf([gone, held])).toEqual([]);
    expect(warningsOf(many)[0]).toMatchObject({ count: 250, serialNumbers: { length: NAMED_AT_MOST } });
  });
});
