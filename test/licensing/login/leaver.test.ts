import { describe, expect, it } from 'vitest';
import { type Leaver, notedLeaver, withoutLeaver } from '../../../shared/licensing/login/leaver.ts';
import { plus } from '../../../shared/licensing/time.ts';
import { aUserCard, NOW } from '../../fakes/world.ts';

const told = (note: Leaver['note'], seconds = 0): Leaver => ({ note, at: plus(NOW, seconds * 1_000), source: 'okta' });

describe('the note of a leaver', () => {
  it.each([
    ['the first', undefined, told('disabled'), told('disabled')],
    ['left after disabled', told('disabled'), told('left', 1), told('left', 1)],
    ['left after disabled, though it comes late', told('disabled', 1), told('left'), told('left')],
    ['not disabled after left', told('left'), told('disabled', 1), told('left')],
    ['the later of two alike', told('left'), told('left', 1), told('left', 1)],
    ['not the earlier of two alike', told('left', 1), told('left'), told('left', 1)],
  ])('remains: %s', (_title, leaver, next, stands) => {
    const card = aUserCard(leaver === undefined ? {} : { leaver });
    expect(notedLeaver(card, next).leaver).toEqual(stands);
  });

  it('is not set again by an event that is older than a login', () => {
    expect(notedLeaver(aUserCard({ loggedInAt: plus(NOW, 1) }), told('left'))).not.toHaveProperty('leaver');
    expect(notedLeaver(aUserCard({ loggedInAt: NOW }), told('left')).leaver).toEqual(told('left'));
    expect(notedLeaver(aUserCard({ loggedInAt: plus(NOW, -1) }), told('left')).leaver).toEqual(told('left'));
  });

  it('is removed by a later login, and not by one at or before it', () => {
    const card = aUserCard({ leaver: told('left') });
    expect(withoutLeaver(card, plus(NOW, 1))).not.toHaveProperty('leaver');
    expect(withoutLeaver(card, NOW)).toBe(card);
    expect(withoutLeaver(card, plus(NOW, -1))).toBe(card);
  });
});
