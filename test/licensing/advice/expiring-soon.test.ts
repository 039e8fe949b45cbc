import { describe, expect, it } from 'vitest';
import { draining } from '../../../shared/licensing/advice/draining.ts';
import { expiringSoon } from '../../../shared/licensing/advice/expiring-soon.ts';
import { dayAfter } from '../../../shared/licensing/cleanup-time.ts';
import { Z_OLD } from '../../../shared/licensing/folder-tree.ts';
import { aLicense } from '../../fakes/world.ts';

const TODAY = '2026-03-02';
const ending = (days: number) => aLicense({ expiresOn: dayAfter(TODAY, days) });

describe('what ends soon (R45)', () => {
  it.each([
    [0, 7],
    [7, 7],
    [8, 30],
    [30, 30],
    [31, 90],
    [90, 90],
  ])('ends in %i days: within %i', (days, within) => {
    expect(expiringSoon(ending(days), TODAY)).toEqual({ daysLeft: days, within, users: [] });
  });

  it('does not include what has ended, ends later or never, is deleted, or is in zOld without a user', () => {
    const { expiresOn: _, ...endless } = aLicense();
    const soon = ending(3);
    const gone = [
      ending(-1),
      ending(91),
      endless,
      { ...soon, deletedAt: '2026-03-01T00:00:00.000Z' },
      { ...soon, folderId: Z_OLD },
    ];

    expect(gone.map((license) => expiringSoon(license, TODAY))).toEqual(gone.map(() => undefined));
  });

  it('names the owner and the user of each license, each once', () => {
    const both = { ...ending(3), assignedTo: 'ada', currentUser: 'ada' };
    const releasing = { ...ending(3), folderId: Z_OLD, currentUser: 'bob', releasing: true } as const;

    expect(expiringSoon(both, TODAY)?.users).toEqual(['ada']);
    expect(expiringSoon(releasing, TODAY)?.users).toEqual(['bob']);
  });
});

describe('what drains', () => {
  const since = '2026-03-01T08:00:00.000Z';
  const settings = { setAsideWarningDays: 7 };

  it('are licenses that are releasing, or set aside and still in use', () => {
    const releasing = aLicense({ currentUser: 'ada', since, releasing: true });
    const setAside = aLicense({ currentUser: 'bob', since, folderId: Z_OLD, setAsideOn: '2026-02-23' });

    expect(draining(releasing, settings, TODAY)).toEqual({
      why: 'releasing',
      currentUser: 'ada',
      since,
      overdue: false,
    });
    expect(draining(setAside, settings, TODAY)).toMatchObject({ why: 'set-aside', currentUser: 'bob', overdue: true });
    expect(draining(setAside, settings, '2026-03-01')).toMatchObject({ overdue: false });
  });

  it('are not licenses that are only in use, or set aside without a user', () => {
    expect(draining(aLicense({ currentUser: 'ada', since }), settings, TODAY)).toBeUndefined();
    expect(draining(aLicense({ folderId: Z_OLD }), settings, TODAY)).toBeUndefined();
  });
});
