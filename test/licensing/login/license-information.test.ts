import { describe, expect, it } from 'vitest';
import { licenseInformation } from '../../../shared/licensing/login/license-information.ts';
import type { BlockedBy } from '../../../shared/licensing/login/receipt.ts';
import type { LicenseSnapshot, UserCard } from '../../../shared/licensing/login/user-card.ts';
import type { DenialReason } from '../../../shared/licensing/vocabulary.ts';
import { aUserCard, NOW } from '../../fakes/world.ts';

const note: LicenseSnapshot = {
  type: 'dedicated',
  access: 'write',
  modules: 'all',
  folderId: 'finance',
  validFrom: '2026-01-15',
  expiresOn: '2027-01-14',
};
const floating: LicenseSnapshot = { ...note, type: 'floating' };
const denied = (reason: DenialReason, blockedBy?: BlockedBy): Partial<UserCard> => ({
  lastReceipt: {
    outcome: 'denied',
    reason,
    ...(blockedBy && { blockedBy }),
    steps: [],
    attempts: 1,
    user: 'ada',
    session: null,
    at: NOW,
  },
});

describe('what license a user has, in one line (R32)', () => {
  it.each<[string, Partial<UserCard>]>([
    ['floating, serial F1 (in use)', { current: { ...floating, serialNumber: 'F1' }, assigned: { D1: note } }],
    ['dedicated, serial D1', { current: { ...note, serialNumber: 'D1' } }],
    ['dedicated, serial D1 (CMDB only)', { current: { ...note, modules: 'CMDB', serialNumber: 'D1' } }],
    [
      'dedicated, serial D1 (released: in use until the sessions end)',
      { current: { ...note, serialNumber: 'D1', releasing: true } },
    ],
    [
      'floating, serial F1 (ended on 2026-03-01, in use until the sessions end)',
      { current: { ...floating, expiresOn: '2026-03-01', serialNumber: 'F1' } },
    ],
    [
      'dedicated, serial D1 (CMDB only) (ended on 2026-03-01, in use until the sessions end)',
      { current: { ...note, modules: 'CMDB', expiresOn: '2026-03-01', serialNumber: 'D1' } },
    ],
    [
      'dedicated, serial D1 (released, ended on 2026-03-01, in use until the sessions end)',
      { current: { ...note, expiresOn: '2026-03-01', serialNumber: 'D1', releasing: true } },
    ],
    [
      'floating, serial F1 (in use)',
      { current: { ...floating, expiresOn: '2026-03-02', serialNumber: 'F1' }, assigned: {} },
    ],
    ['none: the user has no access', { level: 'no-access', assigned: { D1: note } }],
    ['dedicated, serial D1', { assigned: { C1: { ...note, modules: 'CMDB' }, D1: note } }],
    ['dedicated, serial C1 (CMDB only)', { assigned: { C1: { ...note, modules: 'CMDB' } } }],
    [
      'none: the assigned license D1 expired on 2026-03-01',
      { assigned: { D1: { ...note, expiresOn: '2026-03-01' } }, ...denied('assigned-license-expired') },
    ],
    [
      'none: the assigned license D2 expired on 2026-03-01',
      { assigned: { D1: { ...note, validFrom: '2026-03-03' }, D2: { ...note, expiresOn: '2026-03-01' } } },
    ],
    [
      'none: the assigned license D1 is valid from 2026-03-03',
      { assigned: { D1: { ...note, validFrom: '2026-03-03' } } },
    ],
    ['none: no license is assigned, and the user is not logged in', {}],
    [`none: no license was free (login of ${NOW})`, denied('no-free-license')],
    [`none: the assigned license had expired (login of ${NOW})`, denied('assigned-license-expired')],
    [
      `none: the assigned license E1 had expired on 2026-02-01 (login of ${NOW})`,
      denied('assigned-license-expired', { serialNumber: 'E1', expiresOn: '2026-02-01' }),
    ],
    [`none: the user had no access (login of ${NOW})`, denied('no-access')],
    [`none: the login came after its session had ended (login of ${NOW})`, denied('session-ended')],
    [`none: the login came too late (login of ${NOW})`, denied('too-old')],
  ])('%s', (line, card) => {
    expect(licenseInformation(aUserCard(card), '2026-03-02')).toBe(line);
  });
});
