import { describe, expect, it } from 'vitest';
import { hasEnded } from '../../../shared/licensing/login/session-end.ts';
import { endedAt, neededMarks, sessionKey, stayedEndedAt } from '../../../shared/licensing/login/user-card.ts';
import { plus } from '../../../shared/licensing/time.ts';
import { NOW } from '../../fakes/world.ts';

const HOUR = 3_600_000;

describe('the marks of ended sessions (R24)', () => {
  it('are kept for a day, and longer if a login may come later than that', () => {
    const marks = { 's:one': plus(NOW, -23 * HOUR), 's:two': plus(NOW, -25 * HOUR), 's:three': plus(NOW, -49 * HOUR) };

    expect(Object.keys(neededMarks(marks, 8 * HOUR, NOW))).toEqual(['s:one']);
    expect(Object.keys(neededMarks(marks, 48 * HOUR, NOW))).toEqual(['s:one', 's:two']);
  });

  it('beyond a hundred are replaced by one for every session, so that no late login is missed', () => {
    const many = Array.from({ length: 103 }, (_, index) => [`s:${index}`, plus(NOW, -index * 1_000)] as const);

    const kept = neededMarks(Object.fromEntries(many), 8 * HOUR, NOW);

    expect(Object.keys(kept)).toHaveLength(101);
    for (const [key, at] of many) expect((endedAt(kept, key.slice(2)) ?? '') >= at).toBe(true);
    expect(endedAt(kept, 'another')).toBe(plus(NOW, -100 * 1_000));
    expect(kept[sessionKey('0')]).toBe(NOW);
  });

  it('beyond a hundred do not replace that of the user as a whole, which is kept for 30 days', () => {
    const whole = { 'whole user': plus(NOW, -29 * 24 * HOUR) };
    const many = Object.fromEntries(Array.from({ length: 103 }, (_, index) => [`s:${index}`, plus(NOW, -index)]));

    expect(stayedEndedAt(neededMarks({ ...whole, ...many }, 8 * HOUR, NOW))).toBe(whole['whole user']);
    expect(stayedEndedAt(neededMarks(many, 8 * HOUR, NOW))).toBeUndefined();
    expect(neededMarks({ 'whole user': plus(NOW, -30 * 24 * HOUR) }, 8 * HOUR, NOW)).toEqual({});
  });

  it('of every session are no lasting end: activity of the user as a whole is judged by its time', () => {
    const many = Array.from({ length: 103 }, (_, index) => [`s:${index}`, plus(NOW, -index)] as const);
    const card = { user: 'ada', ended: neededMarks(Object.fromEntries(many), 8 * HOUR, NOW) };

    expect(hasEnded(card, { kind: 'activity', at: NOW }, NOW, {})).toBe(false);
  });
});
