import { describe, expect, it } from 'vitest';
import { holds } from '../../../shared/licensing/clause.ts';
import { type License, licenseState, lifecycleState, STATE_FACTS } from '../../../shared/licensing/license/license.ts';
import {
  type EventName,
  type LifecycleEvent,
  type LifecycleRefusal,
  TRANSITIONS,
  transition,
} from '../../../shared/licensing/license/lifecycle.ts';
import type { LifecycleState } from '../../../shared/licensing/vocabulary.ts';
import { aLicense, NOW } from '../../fakes/world.ts';

const TODAY = '2026-03-02';
const CHANGE = { actor: 'test', cause: 'test', at: NOW };
const STATES = Object.keys(STATE_FACTS) as LifecycleState[];
const EVENTS = Object.keys(TRANSITIONS) as EventName[];

/** Licenses of each state, in every variety that matters to an event: type, place, who has it. */
function licensesIn(state: LifecycleState): readonly License[] {
  const types = (['floating', 'dedicated'] as const).map((type) => aLicense({ type, folderId: 'finance' }));
  const inUse = { currentUser: 'ada', since: NOW };
  const zOld = { folderId: 'zOld', setAsideOn: '2026-03-01' };
  switch (state) {
    case 'free':
      return types;
    case 'set-aside':
      return types.map((license) => ({ ...license, ...zOld }));
    case 'held-back':
      return types.map((license) => ({ ...license, heldBackFor: 'renewal-1' }));
    case 'deleted':
      return types.flatMap((license) => [
        { ...license, deletedAt: NOW },
        { ...license, ...zOld, deletedAt: NOW },
      ]);
    case 'assigned':
      return [{}, zOld].map((place) => ({ ...types[1]!, ...place, assignedTo: 'ada' }));
    case 'in-use':
      return [{}, zOld].flatMap((place) => [
        { ...types[0]!, ...inUse, ...place },
        { ...types[1]!, ...inUse, ...place, assignedTo: 'ada' },
      ]);
    case 'releasing':
      return [{}, zOld].flatMap((place) =>
        types.map((license) => ({ ...license, ...inUse, ...place, releasing: true as const })),
      );
  }
}

/**
 * The event in its varieties: the user who has the license and another, a folder and zOld, before and after the term.
 */
function eventsNamed(name: EventName): readonly LifecycleEvent[] {
  const users = ['ada', 'bob'];
  const folders = ['sales', 'root', 'zOld'];
  switch (name) {
    case 'lend':
    case 'give':
    case 'use':
      return users.map((user) => ({ event: name, user, at: NOW }));
    case 'assign':
      return users.map((user) => ({ event: name, user, today: TODAY }));
    case 'let-go':
    case 'release':
    case 'restore':
      return [{ event: name }];
    case 'move':
      return folders.map((folderId) => ({ event: name, folderId, today: TODAY }));
    case 'retire':
    case 'repair':
      return [{ event: name, today: TODAY }];
    case 'let-in':
      return folders.flatMap((folderId) => [
        { event: name, folderId, today: TODAY },
        { event: name, folderId, user: 'bob', today: TODAY },
      ]);
    case 'hold-back':
      return ['sales', 'root'].map((folderId) => ({ event: name, renewalId: 'renewal-1', folderId, today: TODAY }));
    case 'reinstate':
      return folders.flatMap((folderId) => [
        { event: name, folderId, today: TODAY },
        { event: name, folderId, today: TODAY, releasing: true },
        { event: name, folderId, user: 'bob', today: TODAY },
      ]);
    case 'change-term':
      return [
        { event: name, term: { validFrom: '2026-02-01', expiresOn: '2026-12-31' } },
        { event: name, term: { validFrom: '2026-02-01' } },
      ];
    case 'delete':
      return [TODAY, '2027-01-15'].map((today) => ({ event: name, today, at: NOW }));
  }
}

const MATRIX = EVENTS.flatMap((event) => STATES.map((state) => ({ event, state })));

describe('the lifecycle', () => {
  it.each(MATRIX)('$event of a license in the state $state follows the table of transitions', ({ event, state }) => {
    const row = TRANSITIONS[event][state];
    const reached = new Set<LifecycleState>();
    for (const license of licensesIn(state)) {
      expect(lifecycleState(license)).toBe(state);
      for (const happening of eventsNamed(event)) {
        const result = transition(license, happening, CHANGE);
        if (typeof row === 'string') {
          expect(result).toEqual({ refused: row });
        } else if ('license' in result) {
          const after = lifecycleState(result.license);
          expect(row, `${JSON.stringify(license)} after ${JSON.stringify(happening)}`).toContain(after);
          reached.add(after);
          expectSound(license, result.license);
        }
      }
    }
    // Every state that the table allows is one that some license comes to.
    expect([...reached].toSorted()).toEqual(typeof row === 'string' ? [] : [...row].toSorted());
  });

  it('loses no fact that the event does not concern, and marks each change (I6, I12)', () => {
    for (const { event, state } of MATRIX) {
      for (const license of licensesIn(state)) {
        for (const happening of eventsNamed(event)) {
          const result = transition(license, happening, CHANGE);
          if ('refused' in result) continue;
          const { license: after } = result;
          const kept = ['tenant', 'serialNumber', 'type', 'access', 'modules', 'imported'] as const;
          for (const fact of kept) expect(after[fact]).toEqual(license[fact]);
          expect(after).toMatchObject({ version: license.version + 1, change: CHANGE });
          expect(license).toEqual(structuredClone(license));
        }
      }
    }
  });

  it('is in exactly one state, whatever facts a license has', () => {
    const facts: readonly Partial<License>[] = [
      { assignedTo: 'ada' },
      { currentUser: 'ada' },
      { since: NOW },
      { releasing: true },
      { heldBackFor: 'renewal-1' },
      { setAsideOn: TODAY },
      { deletedAt: NOW },
    ];
    for (const folderId of ['root', 'finance', 'zOld']) {
      for (let some = 0; some < 2 ** facts.length; some += 1) {
        const chosen = facts.filter((_, index) => (some >> index) % 2 === 1);
        const license: License = Object.assign(aLicense({ folderId }), ...chosen);
        const states = STATES.filter((state) => holds(STATE_FACTS[state], license));
        expect(states, JSON.stringify({ folderId, chosen })).toEqual([lifecycleState(license)]);
      }
    }
  });

  it('of a missing item does not exist, so no condition of a write holds for one', () => {
    expect(STATES.filter((state) => holds(STATE_FACTS[state], undefined))).toEqual([]);
  });
});

/** What must be true of a license after any event. */
function expectSound(before: License, after: License): void {
  const { assignedTo, currentUser, releasing, heldBackFor, folderId, setAsideOn } = after;
  expect(currentUser === undefined, 'in use since').toBe(after.since === undefined);
  if (releasing) expect({ currentUser: currentUser !== undefined, assignedTo }).toEqual({ currentUser: true });
  if (assignedTo !== undefined) expect(after.type).toBe('dedicated');
  if (heldBackFor !== undefined) expect(currentUser).toBeUndefined();
  if (after.deletedAt === undefined) expect(folderId === 'zOld', 'set aside on').toBe(setAsideOn !== undefined);
  // A release or a move never cuts a session off.
  if (before.currentUser !== undefined && currentUser === undefined) expect(assignedTo).toBe(before.assignedTo);
}

describe('transitions', () => {
  const happened = (license: License, event: LifecycleEvent) => transition(license, event, CHANGE);

  it('a release in use goes on until the session ends, then the license is free (R27, F28)', () => {
    const given = happened(aLicense({ type: 'dedicated' }), { event: 'give', user: 'ada', at: NOW });
    if ('refused' in given) throw new Error(given.refused);
    expect(given.license).toMatchObject({ assignedTo: 'ada', currentUser: 'ada', since: NOW });

    const released = happened(given.license, { event: 'release' });
    if ('refused' in released) throw new Error(released.refused);
    expect(released.license).toMatchObject({ releasing: true, currentUser: 'ada' });
    expect(released.license).not.toHaveProperty('assignedTo');

    const ended = happened(released.license, { event: 'let-go' });
    if ('refused' in ended) throw new Error(ended.refused);
    expect(lifecycleState(ended.license)).toBe('free');
    expect(ended.license).not.toHaveProperty('releasing');
  });

  it.each([
    ['a floating license', aLicense(), 'not-dedicated'],
    [
      'a releasing one to another user',
      aLicense({ type: 'dedicated', currentUser: 'bob', since: NOW, releasing: true }),
      'in-use',
    ],
    ['one in use', aLicense({ type: 'dedicated', currentUser: 'bob', since: NOW, assignedTo: 'bob' }), 'in-use'],
    [
      'one in zOld that is assigned',
      aLicense({ type: 'dedicated', folderId: 'zOld', setAsideOn: TODAY, assignedTo: 'bob' }),
      'set-aside',
    ],
    ['one in zOld', aLicense({ type: 'dedicated', folderId: 'zOld', setAsideOn: TODAY }), 'set-aside'],
    ['a held-back one', aLicense({ type: 'dedicated', heldBackFor: 'renewal-1' }), 'held-back'],
    ['an expired one', aLicense({ type: 'dedicated', expiresOn: '2026-03-01' }), 'expired'],
    [
      'an expired one that is releasing to its own user',
      aLicense({ type: 'dedicated', expiresOn: '2026-03-01', currentUser: 'ada', since: NOW, releasing: true }),
      'expired',
    ],
  ])('assigning %s is refused (R28)', (_title, license, refused) => {
    expect(happened(license, { event: 'assign', user: 'ada', today: TODAY })).toEqual({ refused });
  });

  it.each<[string, Partial<License>, LifecycleEvent, LifecycleRefusal]>([
    ['lends no dedicated license', { type: 'dedicated' }, { event: 'lend', user: 'ada', at: NOW }, 'not-floating'],
    ['gives no floating license for good', {}, { event: 'give', user: 'ada', at: NOW }, 'not-dedicated'],
    [
      'lets no floating license in to a user',
      { heldBackFor: 'renewal-1' },
      { event: 'let-in', folderId: 'root', user: 'ada', today: TODAY },
      'not-dedicated',
    ],
    [
      'reinstates no floating license to a user',
      { folderId: 'zOld', setAsideOn: TODAY },
      { event: 'reinstate', folderId: 'root', user: 'ada', today: TODAY },
      'not-dedicated',
    ],
    [
      'reinstates nothing that is not in zOld',
      { type: 'dedicated', currentUser: 'ada', since: NOW, releasing: true },
      { event: 'reinstate', folderId: 'root', today: TODAY },
      'not-set-aside',
    ],
    [
      'lets nobody use what is somebody else’s',
      { type: 'dedicated', assignedTo: 'bob' },
      { event: 'use', user: 'ada', at: NOW },
      'not-assigned',
    ],
    ['lets go of nothing that nobody works on', {}, { event: 'let-go' }, 'not-in-use'],
  ])('%s', (_title, facts, event, refused) => {
    expect(happened(aLicense(facts), event)).toEqual({ refused });
  });

  it('a license whose term starts later can be assigned, and an assigned one to another (R28, R29)', () => {
    const later = aLicense({ type: 'dedicated', validFrom: '2027-01-01', assignedTo: 'bob' });
    expect(happened(later, { event: 'assign', user: 'ada', today: TODAY })).toMatchObject({
      license: { assignedTo: 'ada' },
    });
  });

  it('an assigned license is deleted only when it has expired, and released with that (R31)', () => {
    const own = aLicense({ type: 'dedicated', assignedTo: 'ada' });
    expect(happened(own, { event: 'delete', today: '2027-01-14', at: NOW })).toEqual({ refused: 'assigned' });
    const deleted = happened(own, { event: 'delete', today: '2027-01-15', at: NOW });
    expect(deleted).toMatchObject({ license: { deletedAt: NOW } });
    expect('license' in deleted && deleted.license).not.toHaveProperty('assignedTo');
  });

  it('only the user whom it is assigned to may use it (R13)', () => {
    const own = aLicense({ type: 'dedicated', assignedTo: 'ada' });
    expect(happened(own, { event: 'use', user: 'bob', at: NOW })).toEqual({ refused: 'not-assigned' });
  });

  it('a license deleted from zOld is restored into the root, and any other into its folder (R31, R43)', () => {
    const fromZOld = aLicense({ folderId: 'zOld', setAsideOn: TODAY, deletedAt: NOW });
    const restored = happened(fromZOld, { event: 'restore' });
    expect(restored).toMatchObject({ license: { folderId: 'root' } });
    expect('license' in restored && restored.license).not.toHaveProperty('setAsideOn');
    expect(happened(aLicense({ folderId: 'sales', deletedAt: NOW }), { event: 'restore' })).toMatchObject({
      license: { folderId: 'sales' },
    });
  });

  it('keeps the day on which it was first set aside (R39)', () => {
    const waiting = aLicense({ folderId: 'zOld', setAsideOn: '2026-02-01' });
    expect(happened(waiting, { event: 'move', folderId: 'zOld', today: TODAY })).toMatchObject({
      license: { setAsideOn: '2026-02-01' },
    });
  });

  it('a term that never ends takes the place of one that did', () => {
    const changed = happened(aLicense(), { event: 'change-term', term: { validFrom: '2026-02-01' } });
    expect('license' in changed && changed.license).not.toHaveProperty('expiresOn');
  });
});

describe('the state that people see', () => {
  const expired = { expiresOn: '2026-03-01' };
  const inUse = { currentUser: 'ada', since: NOW };
  it.each<[string, Partial<License>]>([
    ['releasing', { ...inUse, releasing: true, folderId: 'zOld', ...expired }],
    ['in-use', { ...inUse, assignedTo: 'ada', folderId: 'zOld', ...expired }],
    ['set-aside', { folderId: 'zOld', assignedTo: 'ada', ...expired }],
    ['held-back', { heldBackFor: 'renewal-1', ...expired }],
    ['expired', { assignedTo: 'ada', ...expired }],
    ['not-yet-valid', { assignedTo: 'ada', validFrom: '2026-03-03' }],
    ['assigned', { assignedTo: 'ada' }],
    ['free', {}],
  ])('is %s: of several that hold, the first of the contract', (state, facts) => {
    expect(licenseState(aLicense({ type: 'dedicated', ...facts }), TODAY)).toBe(state);
  });
});
