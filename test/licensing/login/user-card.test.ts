import { describe, expect, it } from 'vitest';
import { noteOf, syncCardWithLicense } from '../../../shared/licensing/login/card-notes.ts';
import {
  crowdedOut,
  endedAt,
  idleDeadline,
  idleSessions,
  marksOf,
  neededAccess,
  seenSession,
  sessionKey,
  sessionOf,
  sessionsEndedBy,
} from '../../../shared/licensing/login/user-card.ts';
import { plus } from '../../../shared/licensing/time.ts';
import { aLicense, aUserCard, NOW } from '../../fakes/world.ts';

const HOUR = 3_600_000;
const session = (started: string, lastSeen = started) => ({ started, lastSeen });

describe('sessions of a card', () => {
  it('have keys that no id can imitate, not even for the user as a whole', () => {
    expect(sessionKey(undefined)).toBe('*');
    expect(sessionKey('*')).toBe('s:*');
    expect(sessionKey('every')).toBe('s:every');
    for (const id of [undefined, '*', 's:1', '']) expect(sessionOf(sessionKey(id))).toBe(id);
  });

  it('are last seen ever later, never earlier', () => {
    expect(seenSession(undefined, NOW)).toEqual(session(NOW));
    expect(seenSession(session(NOW), plus(NOW, 5))).toEqual(session(NOW, plus(NOW, 5)));
    expect(seenSession(session(NOW, plus(NOW, 9)), plus(NOW, 5))).toEqual(session(NOW, plus(NOW, 9)));
  });

  it('make room for a new one: the one that was not seen for longest ends, and never the new one', () => {
    const sessions = Object.fromEntries(
      Array.from({ length: 21 }, (_, index) => [`s:${index}`, session(plus(NOW, index))]),
    );
    expect(crowdedOut(sessions, 's:20')).toEqual(['s:0']);
    expect(crowdedOut(sessions, 's:0')).toEqual(['s:1']);
    expect(crowdedOut({ 's:1': session(NOW) }, 's:1')).toEqual([]);
  });

  it.each([
    ['the one that is named', 's1', ['s:s1']],
    ['none that is not open', 's9', []],
    ['all, when none is named', undefined, ['s:s1', 's:s2', '*']],
  ])('end: %s', (_title, named, ended) => {
    const sessions = { 's:s1': session(NOW), 's:s2': session(NOW), '*': session(NOW) };
    expect(sessionsEndedBy(sessions, named, NOW)).toEqual(ended);
  });

  it('of the user as a whole ends with the last named one (R24)', () => {
    expect(sessionsEndedBy({ 's:s1': session(NOW), '*': session(NOW) }, 's1', NOW)).toEqual(['s:s1', '*']);
    expect(sessionsEndedBy({ 's:s1': session(NOW), '*': session(NOW) }, 's2', NOW)).toEqual([]);
    expect(sessionsEndedBy({ '*': session(NOW) }, 's1', NOW)).toEqual([]);
  });

  it('that began after a logout go on', () => {
    const sessions = { 's:s1': session(NOW), 's:s2': session(plus(NOW, 10)) };
    expect(sessionsEndedBy(sessions, undefined, plus(NOW, 9))).toEqual(['s:s1']);
    expect(sessionsEndedBy(sessions, 's2', plus(NOW, 9))).toEqual([]);
    expect(sessionsEndedBy(sessions, 's2', plus(NOW, 10))).toEqual(['s:s2']);
  });

  it('are idle from the idle time on, and the first of them sets the deadline (R26)', () => {
    const sessions = { 's:s1': session(NOW), 's:s2': session(NOW, plus(NOW, HOUR)) };
    expect(idleDeadline(sessions, 8 * HOUR)).toBe(plus(NOW, 8 * HOUR));
    expect(idleDeadline({}, 8 * HOUR)).toBeUndefined();
    expect(idleSessions(sessions, 8 * HOUR, plus(NOW, 8 * HOUR - 1))).toEqual([]);
    expect(idleSessions(sessions, 8 * HOUR, plus(NOW, 8 * HOUR))).toEqual(['s:s1']);
    expect(idleSessions(sessions, 8 * HOUR, plus(NOW, 9 * HOUR))).toEqual(['s:s1', 's:s2']);
  });

  it('when the last named one is idle, take the user as a whole with them (R24)', () => {
    const active = session(NOW, plus(NOW, HOUR));
    expect(idleSessions({ 's:s1': session(NOW), '*': active }, 8 * HOUR, plus(NOW, 8 * HOUR))).toEqual(['s:s1', '*']);
    expect(idleSessions({ 's:s1': active, '*': session(NOW) }, 8 * HOUR, plus(NOW, 8 * HOUR))).toEqual(['*']);
  });

  it('leave marks of their ends: of the named one, of all, and of those that ended with it (R24)', () => {
    expect(marksOf('s1', ['s:s1', '*']).toSorted()).toEqual(['*', 's:s1']);
    expect(marksOf('s1', [])).toEqual(['s:s1']);
    expect(marksOf(undefined, ['s:s1'])).toEqual(['every', 's:s1']);
  });

  it('ended at the time of the latest mark', () => {
    const ended = { 's:s1': NOW, every: plus(NOW, 5), 's:s2': plus(NOW, 9) };
    expect(endedAt(ended, 's1')).toBe(plus(NOW, 5));
    expect(endedAt(ended, 's2')).toBe(plus(NOW, 9));
    expect(endedAt(ended, undefined)).toBe(plus(NOW, 5));
    expect(endedAt({ 's:s1': NOW }, 's2')).toBeUndefined();
  });
});

describe('the licenses that a card stores', () => {
  const card = aUserCard();
  const own = aLicense({ serialNumber: 'D', type: 'dedicated', assignedTo: 'ada' });

  it('an assigned license, for as long as it is the user’s (I3)', () => {
    const noted = syncCardWithLicense(card, own);
    expect(noted.assigned).toEqual({ D: noteOf(own) });
    expect(syncCardWithLicense(noted, { ...own, assignedTo: 'bob' }).assigned).toEqual({});
    expect(syncCardWithLicense(noted, aLicense({ serialNumber: 'X' })).assigned).toEqual({ D: noteOf(own) });
  });

  it('the current one, for as long as the user works on it, and whether it is releasing', () => {
    const working = { ...own, currentUser: 'ada', since: NOW };
    const noted = syncCardWithLicense(card, working);
    expect(noted.current).toEqual({ ...noteOf(own), serialNumber: 'D' });

    const { assignedTo: _, ...released } = { ...working, releasing: true as const };
    expect(syncCardWithLicense(noted, released)).toMatchObject({ current: { releasing: true }, assigned: {} });
    expect(syncCardWithLicense(noted, own)).not.toHaveProperty('current');
    expect(syncCardWithLicense(noted, aLicense({ serialNumber: 'X' })).current).toEqual(noted.current);
  });

  it('its new term and folder', () => {
    const noted = syncCardWithLicense(card, own);
    const changed = { ...own, expiresOn: '2030-01-01', folderId: 'sales' };
    expect(syncCardWithLicense(noted, changed).assigned).toMatchObject({
      D: { expiresOn: '2030-01-01', folderId: 'sales' },
    });
    const { expiresOn: _, ...endless } = own;
    expect(syncCardWithLicense(noted, endless).assigned['D']).not.toHaveProperty('expiresOn');
  });
});

it('the access that a license must have: read for readonly users, else as the card says (R16)', () => {
  expect(neededAccess({ access: 'write', level: 'readonly' })).toBe('read');
  expect(neededAccess({ access: 'write', level: 'normal' })).toBe('write');
  expect(neededAccess({ access: 'read', level: 'root' })).toBe('read');
});
