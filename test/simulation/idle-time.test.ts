import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plus } from '../../shared/licensing/time.ts';
import { endIdleSessions } from '../../shared/sign-in/sessions/end-idle-sessions.ts';
import { cachedTenants, readTenant } from '../../shared/store/read-tenant.ts';
import { aCommandWorld } from '../fakes/command-world.ts';
import { aLicense } from '../fakes/world.ts';

const MINUTE = 60_000;
/** The sweep's own minute, and those until a shortened idle time is applied. */
const WITHIN = 4 * MINUTE;

/** The idle times that a tenant has one after another, in minutes, and after how many minutes each is set. */
const idleTimes = fc.array(
  fc.record({ idle: fc.integer({ min: 5, max: 120 }), after: fc.integer({ min: 0, max: 40 }) }),
  {
    minLength: 1,
    maxLength: 4,
  },
);

describe('the idle time, minute by minute (R24, R26)', () => {
  it('never ends a session that is active within half of it, and ends an inactive one within minutes', async () => {
    await fc.assert(
      fc.asyncProperty(
        idleTimes,
        fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 4 }),
        async (times, arrivals) => {
          const office = await aCommandWorld({
            licenses: Array.from({ length: 6 }, (_, index) => aLicense({ serialNumber: `F${index}` })),
          });
          const { deps, clock, ask, card, table, elsewhere } = office;
          const functions = { ...deps, readTenant: cachedTenants(readTenant(table), clock) };
          const { login } = elsewhere(functions);
          const openOf = async (user: string) => Object.keys((await card(user))?.sessions ?? {}).length > 0;
          let minutes = 480;
          let changed = clock.now();
          let seen = clock.now();
          const arrived = new Map<string, string>();
          await login('busy');

          const end = times.reduce((total, { after, idle }) => total + after + idle, 0) + 20;
          const changes = new Map<number, number>();
          let at = 0;
          for (const { idle, after } of times) {
            at += after;
            changes.set(at, idle);
          }
          for (let minute = 0; minute <= end; minute += 1) {
            const idle = changes.get(minute);
            if (idle !== undefined) {
              await ask('update-tenant', { settings: { idleTimeout: `PT${idle}M` } });
              // Whoever is active once in half of the new time is so from its first moment.
              await login('busy', { kind: 'activity' });
              seen = clock.now();
              minutes = idle;
              changed = clock.now();
            }
            for (const [index, arrival] of arrivals.entries()) {
              if (arrival !== minute) continue;
              await login(`quiet-${index}`);
              arrived.set(`quiet-${index}`, clock.now());
            }
            if (Date.parse(clock.now()) - Date.parse(seen) >= (minutes * MINUTE) / 2 - MINUTE) {
              expect(await login('busy', { kind: 'activity' })).toMatchObject({ outcome: 'continued' });
              seen = clock.now();
            }
            await endIdleSessions(functions);
            expect(await openOf('busy'), `busy, minute ${minute}`).toBe(true);
            for (const [user, since] of arrived) {
              const idleFrom = plus(since, minutes * MINUTE);
              const late = plus([idleFrom, changed].toSorted().at(-1) ?? '', WITHIN);
              if (clock.now() > late) expect(await openOf(user), `${user}, minute ${minute}`).toBe(false);
              if (clock.now() < idleFrom && changed <= since)
                expect(await openOf(user), `${user}, minute ${minute}`).toBe(true);
            }
            clock.move(MINUTE);
          }
          await office.expectSound();
        },
      ),
      { numRuns: 60 },
    );
  });
});
