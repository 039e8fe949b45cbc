import { describe, expect, it } from 'vitest';
import { answerCall } from '../../../functions/session-hooks/answer-call.ts';
import type { Table } from '../../../shared/platform/ports/table.ts';
import { noteCallOn } from '../../../shared/sign-in/hooks/hook-health.ts';
import { aHookWorld, httpEvent } from '../../fakes/hook-world.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { aLicense, aUserCard, fixedClock } from '../../fakes/world.ts';
import { signedHeaders, WEBHOOK_SECRET } from '../../sign-in/providers/samples.ts';

const PROVIDER = 'standard-webhooks';
const NOW = '2026-03-02T16:03:00.000Z';

async function aHealthWorld(facts: Parameters<typeof aHookWorld>[0] = {}) {
  const world = await aHookWorld({ licenses: [aLicense({ folderId: 'finance' })], cards: [aUserCard()], ...facts });
  await world.configure(PROVIDER);
  const health = () => world.ask('get-hook-health', { provider: PROVIDER });
  return { ...world, health };
}

const login = (session: string) => ['session.login', { user: 'ada', session }] as const;

function signedLogin(now: string) {
  const body = JSON.stringify({ type: 'session.login', data: { tenant: 'acme', user: 'ada', session: 's1' } });
  const headers = signedHeaders('msg_1', now, body, WEBHOOK_SECRET);
  return httpEvent(`/hooks/acme/${PROVIDER}`, PROVIDER, { headers, body });
}

describe('the health of a hook', () => {
  it('is empty before its first call', async () => {
    const { health } = await aHealthWorld();

    expect(await health()).toEqual({ provider: PROVIDER });
  });

  it('has the last call that was proven', async () => {
    const { health, tell } = await aHealthWorld();

    await tell('msg_1', ...login('s1'));

    expect(await health()).toEqual({ provider: PROVIDER, lastCall: { at: NOW, outcome: 'events' } });
  });

  it('has the last refusal with its code and the reason, beside the last call', async () => {
    const { health, tell, post, clock } = await aHealthWorld();
    await tell('msg_1', ...login('s1'));
    clock.move(3_600_000);

    await post(PROVIDER, { body: '{}' });

    expect(await health()).toEqual({
      provider: PROVIDER,
      lastCall: { at: NOW, outcome: 'events' },
      lastRefusal: { at: '2026-03-02T17:03:00.000Z', code: 'unproven', why: 'a webhook header is missing' },
    });
  });

  it('says when no secret exists', async () => {
    const { health, tell, secrets } = await aHealthWorld();
    secrets.clear();

    await tell('msg_1', ...login('s1'));

    expect(await health()).toMatchObject({
      lastRefusal: { code: 'no-secret', why: 'No secret exists for: secret.' },
    });
  });

  it('says when a proven call cannot be used', async () => {
    const { health, tell } = await aHealthWorld();

    await tell('msg_1', 'session.login', { user: '' });

    expect(await health()).toMatchObject({ lastRefusal: { code: 'unusable' } });
  });

  it('says when a call took too long', async () => {
    const { health, tell } = await aHealthWorld({
      within: async (_, work) => work.then(() => ({ kind: 'late' })),
    });

    await tell('msg_1', ...login('s1'));

    expect(await health()).toMatchObject({
      lastRefusal: { code: 'late', why: 'The call was not decided in the time that the provider waits.' },
    });
  });

  it('knows nothing of a hook that does not exist, and stores nothing for it', async () => {
    const { ask, post, table } = await aHealthWorld();

    await post('okta', { body: '{}' });
    await post(PROVIDER, { body: '{}', tenant: 'globex' });

    expect(await ask('get-hook-health', { provider: 'okta' })).toMatchObject({ error: { code: 'unknown-hook' } });
    expect(table.items().filter(({ pk }) => pk.startsWith('HOOKHEALTH#'))).toEqual([]);
  });

  it('names no user', async () => {
    const { health, tell } = await aHealthWorld();

    await tell('msg_1', ...login('s1'));
    await tell('msg_2', 'session.login', { user: 'ada', session: 7 });

    expect(JSON.stringify(await health())).not.toContain('ada');
  });
});

it('a call is counted by its outcome, and by nothing that names a tenant', async () => {
  const { deps, clock } = await aHealthWorld();
  const measured: unknown[] = [];
  const measure = (...given: unknown[]) => void measured.push(given);

  await answerCall({ ...deps, measure }, signedLogin(clock.now()));
  await answerCall({ ...deps, measure }, httpEvent(`/hooks/acme/${PROVIDER}`, PROVIDER, { body: '{}' }));

  expect(measured.filter((one) => JSON.stringify(one).includes('HookCalls'))).toEqual([
    [{ HookCalls: 1 }, { HookOutcome: 'events' }],
    [{ HookCalls: 1 }, { HookOutcome: 'unauthorized' }],
  ]);
});

describe('noting a call', () => {
  it('happens once a minute at most, for all processes together', async () => {
    const { tell, clock, table, health } = await aHealthWorld();
    await tell('msg_1', ...login('s1'));
    const versions = () => table.items().filter(({ pk }) => pk.startsWith('HOOKHEALTH#'));

    clock.move(59_999);
    await tell('msg_2', ...login('s2'));
    expect(await health()).toMatchObject({ lastCall: { at: NOW } });

    clock.move(1);
    await tell('msg_3', ...login('s3'));
    expect(await health()).toMatchObject({ lastCall: { at: '2026-03-02T16:04:00.000Z' } });
    expect(versions()).toHaveLength(1);
  });

  it('adds one write to a login, for whose answer nothing waits', async () => {
    const rounds = async (changes: object) => {
      const { deps, counts, clock } = await aHealthWorld();
      const before = counts.rounds;
      await answerCall({ ...deps, ...changes }, signedLogin(clock.now()));
      return counts.rounds - before;
    };
    let writes = 0;
    const write = () => {
      writes += 1;
      return new Promise<never>(() => {});
    };
    const noteCall = noteCallOn({ table: { ...memoryTable(), write }, clock: fixedClock() });

    expect(await rounds({ noteCall })).toBe(await rounds({ noteCall: async () => {} }));
    expect(writes).toBe(1);
  });

  it.each([
    ['never ends', () => new Promise<never>(() => {})],
    ['fails', () => Promise.reject(new Error('the table is away'))],
  ])('holds up no login when it %s', async (_, write) => {
    const { deps, clock, table, card } = await aHealthWorld();
    const broken: Table = {
      ...table,
      write: (writes) => (JSON.stringify(writes).includes('HOOKHEALTH#') ? write() : table.write(writes)),
    };
    const noteCall = noteCallOn({ table: broken, clock });

    const answer = await answerCall({ ...deps, noteCall }, signedLogin(clock.now()));

    expect(answer).toMatchObject({ statusCode: 200 });
    expect((await card('ada'))?.current).toMatchObject({ serialNumber: 'A1000001' });
  });
});
