import { expect, it } from 'vitest';
import { DAY } from '../../../shared/licensing/time.ts';
import { anApiWorld } from '../../fakes/api-world.ts';
import { OLGA } from './api.ts';

const OSCAR = { role: 'operator', actor: 'oscar', name: 'Oscar' } as const;
const ME = { method: 'GET', path: '/me' };
const TENANTS = { method: 'GET', path: '/tenants' };

it('returns to an administrator who they are, the time of the service, and the day of the tenant', async () => {
  const { call, clock } = await anApiWorld();
  const now = clock.now();

  const { body } = await call(ME, { ...OLGA, name: 'Olga' });

  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Helsinki' }).format(new Date(now));
  const timeZone = 'Europe/Helsinki';
  expect(body).toEqual({ actor: 'olga', name: 'Olga', role: 'administrator', tenant: 'acme', now, today, timeZone });
});

it('returns to an operator, who has no tenant, who they are', async () => {
  const { call, clock } = await anApiWorld();

  expect((await call(ME, OSCAR)).body).toEqual({ ...OSCAR, now: clock.now() });
});

it('refuses a token of an unknown tenant', async () => {
  const { call } = await anApiWorld();

  const { status, body } = await call(ME, { role: 'viewer', tenant: 'nowhere', actor: 'vera' });

  expect([status, body['code']]).toEqual([404, 'unknown-tenant']);
});

it('lists the tenants with their last activity and the renewals that wait for a person', async () => {
  const world = await anApiWorld();
  const { call, clock, setRenewal } = world;
  const settings = { customers: ['globex'], timeZone: 'Europe/Berlin' };
  await call({ method: 'PUT', path: '/tenants/globex', body: settings }, OSCAR);
  const created = clock.now();
  clock.move(40 * DAY);
  const plan = { renewalId: 'r1', serialNumbers: ['FREE'] };
  await call({ method: 'POST', path: '/tenants/acme/renewals', body: plan });
  await setRenewal('r1', 'stopped');
  const planned = clock.now();

  const { body } = await call(TENANTS, OSCAR);

  expect(body).toEqual({
    tenants: [
      {
        tenant: 'acme',
        environment: 'cloud',
        timeZone: 'Europe/Helsinki',
        lastActivity: planned,
        waiting: { renewals: [{ renewalId: 'r1', status: 'stopped', plannedAt: planned }] },
      },
      {
        tenant: 'globex',
        environment: 'cloud',
        timeZone: 'Europe/Berlin',
        lastActivity: created,
        waiting: { renewals: [] },
      },
    ],
  });
});

it('lists the tenants by pages', async () => {
  const { call } = await anApiWorld();
  const settings = { customers: ['globex'], timeZone: 'Europe/Berlin' };
  await call({ method: 'PUT', path: '/tenants/globex', body: settings }, OSCAR);

  const first = await call({ ...TENANTS, query: 'limit=1' }, OSCAR);
  const second = await call({ ...TENANTS, query: `limit=1&cursor=${first.body['cursor']}` }, OSCAR);

  const named = [first, second].map(({ body }) =>
    (body['tenants'] as { tenant: string }[]).map(({ tenant }) => tenant),
  );
  expect(named).toEqual([['acme'], ['globex']]);
});
