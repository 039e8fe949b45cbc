import { expect, test } from 'vitest';
import { eventsOf } from '../../../../functions/console/app/history/events.ts';

const free = { folder: 'Sales', validFrom: '2026-01-01', expiresOn: '2026-12-31' };
const since = '2026-05-03T11:03:00.000Z';

test.each([
  ['a new license', undefined, free, [{ code: 'added', after: 'Sales' }]],
  [
    'a new license that is held back',
    undefined,
    { ...free, heldBackFor: 'r1' },
    [
      { code: 'added', after: 'Sales' },
      { code: 'held-back', after: 'r1' },
    ],
  ],
  ['an assignment', free, { ...free, assignedTo: 'ada' }, [{ code: 'assigned', after: 'ada' }]],
  ['a release', { ...free, assignedTo: 'ada' }, free, [{ code: 'released', before: 'ada' }]],
  [
    'another holder',
    { ...free, assignedTo: 'ada' },
    { ...free, assignedTo: 'bob' },
    [{ code: 'passed-on', before: 'ada', after: 'bob' }],
  ],
  ['a login', free, { ...free, currentUser: 'ada', since }, [{ code: 'taken-into-use', after: 'ada' }]],
  ['a logout', { ...free, currentUser: 'ada', since }, free, [{ code: 'given-back', before: 'ada' }]],
  [
    'the logout of a license that was to be released',
    { ...free, assignedTo: 'ada', currentUser: 'ada', since, releasing: true as const },
    free,
    [
      { code: 'released', before: 'ada' },
      { code: 'given-back', before: 'ada' },
    ],
  ],
  [
    'a release while in use',
    { ...free, currentUser: 'ada', since },
    { ...free, currentUser: 'ada', since, releasing: true as const },
    [{ code: 'releasing', after: 'yes' }],
  ],
  ['a move', free, { ...free, folder: '' }, [{ code: 'moved', before: 'Sales', after: '' }]],
  [
    'another term',
    free,
    { ...free, validFrom: '2026-02-01', expiresOn: '2027-12-31' },
    [
      { code: 'first-day', before: '2026-01-01', after: '2026-02-01' },
      { code: 'last-day', before: '2026-12-31', after: '2027-12-31' },
    ],
  ],
  ['a deletion', free, { ...free, deletedAt: since }, [{ code: 'deleted', after: since }]],
  ['a restoration', { ...free, deletedAt: since }, free, [{ code: 'restored', before: since }]],
  ['a change of nothing that shows', free, free, [{ code: 'touched' }]],
])('%s is told by what was before and what is after', (_, before, after, events) => {
  expect(eventsOf({ ...(before && { before }), after })).toEqual(events);
});
