import { expect, it } from 'vitest';
import { type Draining, draining } from '../../../shared/licensing/advice/draining.ts';
import { Z_OLD } from '../../../shared/licensing/folder-tree.ts';
import type { License } from '../../../shared/licensing/license/license.ts';
import { aLicense } from '../../fakes/world.ts';

const SINCE = '2026-02-20T08:00:00.000Z';
const used = { currentUser: 'ada', since: SINCE };
const setAside = (setAsideOn: string): Partial<License> => ({ ...used, folderId: Z_OLD, setAsideOn });

it.each<[string, Partial<License>, number, Draining | undefined]>([
  ['is nobody’s', { folderId: Z_OLD, setAsideOn: '2026-02-01' }, 7, undefined],
  ['is in use as it should be', used, 7, undefined],
  ['is releasing', { ...used, releasing: true }, 7, { why: 'releasing', ...used, overdue: false }],
  [
    'is in use since nobody knows when',
    { currentUser: 'ada', releasing: true },
    7,
    { why: 'releasing', currentUser: 'ada', overdue: false },
  ],
  [
    'was set aside a week ago less a day',
    setAside('2026-02-24'),
    7,
    { why: 'set-aside', ...used, setAsideOn: '2026-02-24', overdue: false },
  ],
  [
    'was set aside a week ago',
    setAside('2026-02-23'),
    7,
    { why: 'set-aside', ...used, setAsideOn: '2026-02-23', overdue: true },
  ],
  [
    'was set aside today, however soon the warning',
    setAside('2026-03-02'),
    0,
    { why: 'set-aside', ...used, setAsideOn: '2026-03-02', overdue: false },
  ],
])('of a license that %s', (_what, facts, setAsideWarningDays, expected) => {
  expect(draining(aLicense(facts), { setAsideWarningDays }, '2026-03-02')).toEqual(expected);
});
