import { describe, expect, it } from 'vitest';
import { callRate } from '../../../functions/admin-api/call-rate.ts';
import type { Caller } from '../../../functions/admin-api/caller.ts';
import { anApiWorld } from '../../fakes/api-world.ts';
import { fixedClock } from '../../fakes/world.ts';
import { apiOn, OLGA } from './api.ts';

const VERA: Caller = { role: 'viewer', tenant: 'acme', actor: 'vera' };
const OSCAR: Caller = { role: 'operator', actor: 'oscar' };

function aRate() {
  const clock = fixedClock();
  const rate = callRate(clock);
  /** How many of so many calls are allowed. */
  const allowed = (calls: number, caller: Caller = OLGA): number =>
    Array.from({ length: calls }, () => rate(caller)).filter((seconds) => seconds === 0).length;
  return { clock, rate, allowed };
}

describe('the rate of one caller', () => {
  it('allows 200 calls at once, and then 50 a second', () => {
    const { clock, allowed } = aRate();

    const atOnce = allowed(500);
    clock.move(1_000);
    const afterOneSecond = allowed(500);
    clock.move(60_000);
    const afterOneMinute = allowed(500);

    expect([atOnce, afterOneSecond, afterOneMinute]).toEqual([200, 50, 200]);
  });

  it('counts each caller alone: by tenant and name, whatever the role', () => {
    const { allowed } = aRate();
    allowed(500);

    const sameName = { role: 'viewer', tenant: 'globex', actor: 'olga' } as const;
    expect([allowed(500, VERA), allowed(500, sameName), allowed(500, OSCAR)]).toEqual([200, 200, 200]);
    expect(allowed(1, { role: 'viewer', tenant: 'acme', actor: 'olga' })).toBe(0);
  });

  it('says when to call again, and is not moved by a clock that goes back', () => {
    const { clock, rate, allowed } = aRate();
    allowed(200);

    expect(rate(OLGA)).toBe(1);
    clock.move(-60_000);
    expect(rate(OLGA)).toBe(1);
    clock.move(60_020);
    expect(rate(OLGA)).toBe(0);
  });

  it('forgets who has been silent for the longest time, so its memory is bounded', () => {
    const { allowed } = aRate();
    allowed(200, OLGA);
    allowed(200, VERA);
    allowed(1, OLGA);

    for (let index = 0; index < 4_999; index += 1) allowed(1, { ...OSCAR, actor: `caller ${index}` });

    expect([allowed(1, OLGA), allowed(200, VERA)]).toEqual([0, 200]);
  });
});

describe('the API', () => {
  it('answers 429 with Retry-After to a caller who calls too often, and serves the others', async () => {
    const world = await anApiWorld();
    const { call } = apiOn(world.deps, callRate(world.clock));
    const me = { method: 'GET', path: '/me' };

    const answers = await Promise.all(Array.from({ length: 210 }, () => call(me)));
    const other = await call(me, VERA);
    world.clock.move(1_000);
    const later = await call(me);

    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(10);
    expect(refused[0]).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1', 'content-type': 'application/problem+json' },
      body: { code: 'too-many-calls', retryAfter: 1 },
    });
    expect([other.status, later.status]).toEqual([200, 200]);
  });

  it('does not keep a 429 for the Idempotency-Key of the request', async () => {
    const world = await anApiWorld();
    const lock = { pk: 'T#acme', sk: 'READ', holder: 'somebody', until: '2999-01-01T00:00:00.000Z' };
    await world.table.write([{ put: lock }]);
    const repair = { method: 'POST', path: '/tenants/acme/audit', headers: { 'idempotency-key': 'one' } };

    const busy = await world.call(repair);
    await world.table.write([{ delete: { pk: lock.pk, sk: lock.sk } }]);
    const again = await world.call(repair);

    expect([busy.status, busy.headers['retry-after'], again.status]).toEqual([429, '1', 200]);
  });
});
