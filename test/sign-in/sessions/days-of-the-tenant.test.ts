import { describe, expect, it } from 'vitest';
import { plus } from '../../../shared/licensing/time.ts';
import { aLicense, aUserCard, aWorld, fixedClock } from '../../fakes/world.ts';

/** Zone, day, and the first and last millisecond of that day there. */
const DAYS = [
  ['Pacific/Pago_Pago', '2026-04-02', '2026-04-02T11:00:00.000Z', '2026-04-03T10:59:59.999Z'],
  ['Pacific/Kiritimati', '2026-04-02', '2026-04-01T10:00:00.000Z', '2026-04-02T09:59:59.999Z'],
  ['Europe/Helsinki', '2026-04-02', '2026-04-01T21:00:00.000Z', '2026-04-02T20:59:59.999Z'],
  // 23 hours long, and 25.
  ['Europe/Helsinki', '2026-03-29', '2026-03-28T22:00:00.000Z', '2026-03-29T20:59:59.999Z'],
  ['Europe/Helsinki', '2026-10-25', '2026-10-24T21:00:00.000Z', '2026-10-25T21:59:59.999Z'],
  // A day that begins at one o'clock.
  ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00.000Z', '2026-09-07T02:59:59.999Z'],
  ['UTC', '2028-02-29', '2028-02-29T00:00:00.000Z', '2028-02-29T23:59:59.999Z'],
] as const;

describe('a license of one day, in the tenant’s time zone (F31)', () => {
  it.each(DAYS)('in %s on %s: is given from its first moment to its last, and at no other', async (...facts) => {
    const [timeZone, day, first, last] = facts;
    const { elsewhere } = await aWorld({
      settings: { timeZone },
      licenses: [aLicense({ serialNumber: 'F', validFrom: day, expiresOn: day })],
      cards: ['ada', 'bob', 'cyd', 'dan'].map((user) => aUserCard({ user })),
    });
    const at = (instant: string) => elsewhere({ clock: fixedClock(instant), cardHints: new Map() });

    const tooEarly = await at(plus(first, -1)).login('ada');
    const early = await at(first).login('bob');
    await at(plus(first, 1)).logout('bob');
    const late = await at(last).login('cyd');
    await at(last).logout('cyd');
    const tooLate = await at(plus(last, 1)).login('dan');

    expect([early, late].map(({ license }) => license?.serialNumber)).toEqual(['F', 'F']);
    expect([tooEarly, tooLate].map(({ reason }) => reason)).toEqual(['no-free-license', 'no-free-license']);
  });

  it.each(DAYS)('in %s on %s: an assigned one blocks from the moment after (R13, R14)', async (...facts) => {
    const [timeZone, day, first, last] = facts;
    const { elsewhere } = await aWorld({
      settings: { timeZone },
      licenses: [aLicense({ serialNumber: 'D', type: 'dedicated', validFrom: day, expiresOn: day, assignedTo: 'ada' })],
      cards: [
        aUserCard({
          assigned: {
            D: { type: 'dedicated', modules: 'all', access: 'write', validFrom: day, expiresOn: day, folderId: 'root' },
          },
        }),
      ],
    });
    const at = async (instant: string) => {
      const world = elsewhere({ clock: fixedClock(instant) });
      const { outcome, reason } = await world.login('ada', { session: instant });
      await world.logout('ada');
      return reason ?? outcome;
    };

    expect([await at(first), await at(last)]).toEqual(['assigned', 'assigned']);
    expect(await at(plus(last, 1))).toBe('assigned-license-expired');
  });
});
