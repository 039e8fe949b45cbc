import { expect, test } from 'vitest';
import { noticesOf } from '../../../functions/console/app/today/notices.ts';

type Answers = Parameters<typeof noticesOf>[0];

const NOTHING: Answers = {
  expiring: { licenses: [] },
  renewals: { renewals: [] },
  imports: { imports: [] },
  draining: { licenses: [] },
  inactive: { notSeenSince: '2026-01-01T00:00:00.000Z', holders: [] },
  usage: { days: [] },
  layout: { warnings: [] },
};

test('nothing needs anybody where nothing is wrong, or as long as nothing is known', () => {
  const unknown = Object.fromEntries(Object.keys(NOTHING).map((name) => [name, undefined])) as Answers;

  expect(noticesOf(NOTHING)).toEqual([]);
  expect(noticesOf(unknown)).toEqual([]);
});

test('what needs somebody comes in the order of its urgency, with the people that it concerns', () => {
  const license = { daysLeft: 3, within: 7, users: ['ada'] } as never;
  const notices = noticesOf({
    ...NOTHING,
    expiring: { licenses: [license, license] },
    draining: { licenses: [{ overdue: true } as never, { overdue: false } as never] },
    renewals: {
      renewals: [{ status: 'stopped' } as never, { status: 'finished' } as never, { status: 'approved' } as never],
    },
    usage: {
      days: [{ day: '2026-03-02', pools: [], denied: { 'no-free-license': 9 }, deniedUsers: { 'no-free-license': 4 } }],
    },
    layout: { warnings: [{ warning: 'expired-assigned' } as never] },
  });

  expect(notices.map(({ kind, count, users }) => [kind, count, users])).toEqual([
    ['stopped', 1, 0],
    ['denied', 4, 0],
    ['overdue', 1, 0],
    ['expiring', 2, 1],
    ['waiting', 1, 0],
    ['layout', 1, 0],
  ]);
  expect(notices.at(-1)?.to).toBe('licenses?warnings=yes');
});

test('who was denied and who is inactive is named on the page that the need leads to', () => {
  const [denied, inactive] = noticesOf({
    ...NOTHING,
    usage: { days: [{ day: '2026-03-02', pools: [], denied: {}, deniedUsers: { 'no-free-license': 1 } }] },
    inactive: { notSeenSince: '2026-01-01T00:00:00.000Z', holders: [{} as never] },
  });

  expect(denied).toMatchObject({ kind: 'denied', to: 'history?kind=denied' });
  expect(inactive).toMatchObject({ kind: 'inactive', to: 'users?show=inactive' });
});
