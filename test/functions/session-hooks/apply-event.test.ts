import { expect, test } from 'vitest';
import { applyEvent } from '../../../functions/session-hooks/apply-event.ts';
import type { Provider } from '../../../shared/sign-in/providers/providers.ts';
import { aLicense, aUserCard, aWorld, NOW } from '../../fakes/world.ts';

const SECOND = NOW.replace(/\.\d{3}Z$/, '.000Z');

/** What is open of a user whose session `s1` began within the second at which a provider says that it ended. */
async function openAfter(provider: Provider, session: string | null) {
  const { deps, tenant, login, card } = await aWorld({ licenses: [aLicense()], cards: [aUserCard()] });
  await login('ada', { session: 's1', kind: 'login', at: NOW });
  const event = { tenant: `${provider}:acme`, user: 'ada', session, kind: 'logout', at: SECOND, id: 'e1' } as const;

  await applyEvent(deps, { tenant, provider, event, claims: {}, fingerprint: 'e1' });

  return Object.keys((await card('ada'))?.sessions ?? {});
}

test.each(['oidc-backchannel', 'ssf'] as const)(
  'a token of %s ends the session that it names, also one that began in the same second',
  async (provider) => {
    expect(SECOND).not.toBe(NOW);
    expect(await openAfter(provider, 's1')).toEqual([]);
    expect(await openAfter(provider, null)).toEqual(['s:s1']);
  },
);

test('a time that does not come from a token is exact', async () => {
  expect(await openAfter('okta', 's1')).toEqual(['s:s1']);
});
