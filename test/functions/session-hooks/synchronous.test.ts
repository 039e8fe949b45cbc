import { describe, expect, test } from 'vitest';
import { denialText } from '../../../functions/session-hooks/license-claim.ts';
import type { Within } from '../../../functions/session-hooks/time-budget.ts';
import { aHookWorld, besideHealth } from '../../fakes/hook-world.ts';
import { aLicense, type WorldFacts } from '../../fakes/world.ts';
import { fixture, jwks, settingsOf, signedHeaders } from '../../sign-in/providers/samples.ts';

const NOW = '2026-03-02T16:03:00.000Z';
const LICENSE = aLicense();
const HELD = { esm_license: JSON.stringify({ serialNumber: LICENSE.serialNumber, type: 'floating', access: 'write' }) };
const NONE = { esm_license: JSON.stringify({ none: 'no-free-license' }) };

type World = Awaited<ReturnType<typeof aHookWorld>>;

const json = (file: string) => JSON.parse(fixture(file)) as Record<string, never>;
const tokens = json('cognito/pre-token-generation-v1-authentication.json');
const issuance = fixture('entra/token-issuance-start.json');

/** How each provider that waits for the answer asks, who the user is there, and what the answer says. */
const WAITING = {
  cognito: {
    user: (tokens as unknown as { request: { userAttributes: { sub: string } } }).request.userAttributes.sub,
    ask: async ({ invoke }: World) => {
      const answer = (await invoke(tokens)) as typeof tokens & {
        response: { claimsOverrideDetails?: { claimsToAddOrOverride: object } };
      };
      return answer.response.claimsOverrideDetails?.claimsToAddOrOverride;
    },
    undecided: undefined,
  },
  okta: {
    user: '00uq8tMo3zV0OfJON0g3',
    ask: async ({ post }: World) => {
      const body = fixture('okta/token-inline-hook-request.json');
      const answer = await post('okta', { headers: { authorization: 'okta-hook-shared-secret' }, body });
      if (answer.statusCode === 204) return undefined;
      const { commands } = JSON.parse(answer.body) as { commands: { value: { path: string; value: string }[] }[] };
      return { esm_license: commands[0]?.value[0]?.value };
    },
    undecided: undefined,
  },
  entra: {
    user: '',
    ask: async ({ post }: World) => {
      const headers = { authorization: `Bearer ${fixture('entra/bearer-v2.jwt').trim()}` };
      const answer = await post('entra', { headers, body: issuance });
      expect(answer.statusCode).toBe(200);
      const { data } = JSON.parse(answer.body) as { data: { actions: { claims: object }[] } };
      expect(data.actions).toHaveLength(1);
      return data.actions[0]?.claims;
    },
    undecided: { esm_license: 'pending' },
  },
  auth0: {
    user: '',
    ask: async ({ post, clock }: World) => {
      const body = fixture('auth0/post-login-action-event.json');
      const answer = await post('auth0', { headers: signedHeaders('msg_action_1', clock.now(), body), body });
      expect(answer.statusCode).toBe(200);
      return (JSON.parse(answer.body) as { claims: object }).claims;
    },
    undecided: { esm_license: 'pending' },
  },
} as const;

const waiting = (['cognito', 'okta', 'entra', 'auth0'] as const).map(
  (provider) => [provider, WAITING[provider]] as const,
);

async function aTenant(
  provider: keyof typeof WAITING,
  facts: Omit<WorldFacts, 'table'> & { readonly within?: Within } = {},
) {
  const world = await aHookWorld({ licenses: [LICENSE], now: NOW, ...facts });
  await world.configure(provider);
  return world;
}

describe.each(waiting)('%s', (provider, { ask, undecided }) => {
  test('gets the license as a claim', async () => {
    const world = await aTenant(provider);

    expect(await ask(world)).toEqual(HELD);
    expect((await world.license(LICENSE.serialNumber)).currentUser).toBeDefined();
  });

  test('gets the reason when there is none, and lets the user in', async () => {
    expect(await ask(await aTenant(provider, { licenses: [] }))).toEqual(NONE);
  });

  test('gets the same answer again, and nothing changes', async () => {
    const world = await aTenant(provider);
    await ask(world);
    const before = besideHealth(world.table);

    expect(await ask(world)).toEqual(HELD);
    expect(besideHealth(world.table)).toEqual(before);
  });

  test('does not wait: when its time is over, the user gets in without a license in the answer (R23)', async () => {
    const asked: number[] = [];
    const late: Within = async (milliseconds, work) => {
      asked.push(milliseconds);
      await work;
      return { kind: 'late' };
    };
    const world = await aTenant(provider, { within: late });

    expect(await ask(world)).toEqual(undecided);
    expect(asked).toEqual([{ cognito: 4_000, okta: 2_500, entra: 1_500, auth0: 5_000 }[provider]]);
    expect(world.logged.at(-1)).toEqual(['hook-undecided', expect.objectContaining({ provider, why: 'late' })]);
  });

  test('lets the user in when the table fails (R23)', async () => {
    const world = await aTenant(provider);
    const { deps } = world;
    await deps.hooks.of('acme', provider);
    Object.assign(deps, { table: { ...deps.table, get: () => Promise.reject(new Error('down')) } });

    expect(await ask(world)).toEqual(undecided);
    expect(world.logged.at(-1)?.[0]).toBe('hook-undecided');
  });

  test('costs two rounds of the table when the folder is known', async () => {
    const world = await aTenant(provider);
    await ask(world);
    const card = () => world.table.items().find(({ sk }) => sk === 'CARD');
    await world.ask('disconnect', { user: card()?.['user'] });
    world.clock.move(1);
    const { rounds } = world.counts;

    await askAnew(provider, world);

    expect(world.counts.rounds - rounds).toBe(2);
    expect(card()?.['lastReceipt']).toMatchObject({ outcome: 'allocated', at: world.clock.now() });
  });
});

/** Another sign-in of the same user: a moment later, with an id of its own. */
async function askAnew(provider: string, { invoke, post, clock }: World): Promise<void> {
  switch (provider) {
    case 'cognito':
      await invoke(tokens);
      break;
    case 'okta': {
      const call = { ...json('okta/token-inline-hook-request.json'), eventId: 'another', eventTime: clock.now() };
      await post('okta', { headers: { authorization: 'okta-hook-shared-secret' }, body: JSON.stringify(call) });
      break;
    }
    case 'entra': {
      const body = issuance.replace(/("correlationId":\s*")[^"]+/, '$1another');
      await post('entra', { headers: { authorization: `Bearer ${fixture('entra/bearer-v2.jwt').trim()}` }, body });
      break;
    }
    default: {
      const body = fixture('auth0/post-login-action-event.json').replaceAll(
        /"id": "[^"]*sess[^"]*"/gi,
        '"id": "another"',
      );
      await post('auth0', { headers: signedHeaders('msg_another', clock.now(), body), body });
    }
  }
}

describe('a tenant that refuses logins without a license', () => {
  const REFUSING = { licenses: [], settings: { refuseWithoutLicense: true } };

  test('names the license that blocks and its last day, in words that the user may see (R14)', () => {
    const denied = { outcome: 'denied', steps: [], attempts: 1, user: 'ada', session: null, at: NOW } as const;
    const expired = { ...denied, reason: 'assigned-license-expired' } as const;

    expect([
      denialText({ ...expired, blockedBy: { serialNumber: '00042', expiresOn: '2026-02-01' } }),
      denialText(expired),
    ]).toEqual([
      'Your license 00042 ended on 2026-02-01. Ask your administrator.',
      'Your license has expired. Ask your administrator.',
    ]);
  });

  const WORDS = /^No license is free at the moment/;

  test('Cognito gets an error with words for the user', async () => {
    const { invoke } = await aTenant('cognito', REFUSING);

    await expect(invoke(tokens)).rejects.toThrow(WORDS);
  });

  test('makes Okta issue no token', async () => {
    const { post } = await aTenant('okta', REFUSING);
    const body = fixture('okta/token-inline-hook-request.json');

    const answer = await post('okta', { headers: { authorization: 'okta-hook-shared-secret' }, body });

    expect(JSON.parse(answer.body)).toEqual({ error: { errorSummary: expect.stringMatching(WORDS) } });
  });

  test('makes the Action of Auth0 deny', async () => {
    const { post, clock } = await aTenant('auth0', REFUSING);
    const body = fixture('auth0/post-login-action-event.json');

    const answer = await post('auth0', { headers: signedHeaders('m1', clock.now(), body), body });

    expect(JSON.parse(answer.body)).toEqual({ claims: NONE, deny: expect.stringMatching(WORDS) });
  });

  test('lets Entra’s users in, because Entra has no denial', async () => {
    expect(await WAITING.entra.ask(await aTenant('entra', REFUSING))).toEqual(NONE);
  });

  test('lets a refresh pass', async () => {
    const { invoke } = await aTenant('cognito', REFUSING);

    expect(await invoke(json('cognito/pre-token-generation-v2-refresh.json'))).toMatchObject({
      response: { claimsAndScopeOverrideDetails: { idTokenGeneration: { claimsToAddOrOverride: NONE } } },
    });
  });
});

describe('Cognito', () => {
  test('one sign-in seen through two triggers takes one license', async () => {
    const { invoke, license, table } = await aTenant('cognito', {
      licenses: [LICENSE, aLicense({ serialNumber: 'A2' })],
    });
    const signIn = json('cognito/post-authentication.json') as unknown as {
      request: { userAttributes: { sub: string } };
    };
    const { sub } = signIn.request.userAttributes;
    const tokensOfSame = structuredClone(tokens) as unknown as typeof signIn;
    tokensOfSame.request.userAttributes.sub = sub;

    expect(await invoke(signIn)).toEqual(signIn);
    await invoke(tokensOfSame);

    const users = [(await license(LICENSE.serialNumber)).currentUser, (await license('A2')).currentUser];
    expect(users.filter((user) => user !== undefined)).toEqual([sub]);
    expect(table.items().filter(({ sk }) => sk === 'CARD')).toHaveLength(1);
  });

  test('the event of an unknown pool is returned unchanged', async () => {
    const { invoke, table } = await aHookWorld({ licenses: [LICENSE] });
    const before = structuredClone(table.items());

    expect(await invoke(tokens)).toEqual(tokens);
    expect(await invoke({ key1: 'value1' })).toEqual({ key1: 'value1' });
    expect(table.items()).toEqual(before);
  });

  test('a user who signs in, out and in again within a minute has a license', async () => {
    const world = await aTenant('cognito');
    const { invoke, deps } = world;
    await invoke(tokens);
    const signOut = json('cognito/eventbridge-cloudtrail-global-sign-out.json') as unknown as {
      detail: { additionalEventData: { sub: string }; eventTime: string };
    };
    signOut.detail.additionalEventData.sub = WAITING.cognito.user;
    signOut.detail.eventTime = deps.clock.now();
    await invoke(signOut);
    expect((await world.license(LICENSE.serialNumber)).currentUser).toBeUndefined();

    world.clock.move(1_000);
    expect(await WAITING.cognito.ask(world)).toEqual(HELD);
    expect((await world.license(LICENSE.serialNumber)).currentUser).toBe(WAITING.cognito.user);
  });

  test('a sign-out of EventBridge that cannot be stored is requested again', async () => {
    const world = await aTenant('cognito');
    const signOut = json('cognito/eventbridge-cloudtrail-global-sign-out.json');
    await world.invoke(tokens);
    Object.assign(world.deps, { table: { ...world.deps.table, get: () => Promise.reject(new Error('down')) } });

    await expect(world.invoke(signOut)).rejects.toThrow('could not be stored');
  });
});

test('Entra’s other types of token are refused: wrong tenant, key and audience', async () => {
  const refused = async (settings: object) => {
    const world = await aHookWorld({ licenses: [LICENSE], now: NOW });
    await world.configure('entra', { ...settingsOf('entra'), ...settings });
    const before = besideHealth(world.table);
    const token = fixture('entra/bearer-v2.jwt').trim();
    const answer = await world.post('entra', { headers: { authorization: `Bearer ${token}` }, body: issuance });
    expect(besideHealth(world.table)).toEqual(before);
    expect(world.logged.map(([code]) => code)).toEqual(['hook-refused']);
    expect(JSON.stringify(world.logged)).not.toContain(token);
    return answer.statusCode;
  };

  expect(await refused({ tenants: ['entra:another'] })).toBe(401);
  expect(await refused({ audience: 'another' })).toBe(401);
  expect(await refused({ jwks: { keys: jwks.keys.map((key) => ({ ...key, kid: 'another' })) } })).toBe(401);
});
