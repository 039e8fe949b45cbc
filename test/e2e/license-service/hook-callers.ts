import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { licensesAlike } from '../../../infra/local/sample-files.ts';
import { byReference, grantFor } from '../../fakes/hook-world.ts';
import { settingsOf, signedHeaders } from '../../sign-in/providers/samples.ts';
import type { peacefulStack } from './peaceful-stack.ts';

export type Answer = { readonly status: number; readonly body: string };

type Stack = Awaited<ReturnType<typeof peacefulStack>>;

/** A tenant of a running stack with its identity providers. */
export function tenantWithHooks(stack: Stack, tenant: string) {
  const { done, send, reportOn, audit } = stack.of(tenant);

  /** Six floating licenses; sessions are idle after a day, so that no sample's login is too old. */
  const create = async (): Promise<void> => {
    const settings = { customers: [tenant], timeZone: 'UTC', idleTimeout: 'PT24H' };
    await done('create-tenant', { settings });
    const term = { validFrom: '2026-01-01', expiryDate: 'never' };
    const licenses = licensesAlike(6, 'F101', { type: 'Floating', ...term });
    await reportOn(await send('all.zip', { issued: '2026-01-01', licenses }));
  };

  const configure = async (provider: string, given: Record<string, unknown> = settingsOf(provider)): Promise<void> => {
    const { settings, secrets } = byReference(provider, given);
    const folder = join(stack.dir, 'secrets', tenant);
    mkdirSync(folder, { recursive: true });
    for (const [name, value] of secrets) writeFileSync(join(folder, name), `${value}\n`);
    const granted = grantFor(provider, settings);
    if (granted !== undefined) await done('update-tenant', granted);
    await done('put-hook', { provider, settings });
  };

  const call = async (provider: string, init: RequestInit, query = ''): Promise<Answer> => {
    const response = await fetch(`${stack.endpoints.api}/hooks/${tenant}/${provider}${query}`, init);
    return { status: response.status, body: await response.text() };
  };

  return {
    tenant,
    create,
    configure,
    call,
    done,
    audit,
    /** Our own signed webhook. */
    tell: async (id: string, type: string, data: object, at?: string): Promise<Answer> => {
      const body = JSON.stringify({ type, ...(at && { timestamp: at }), data: { tenant: 'acme', ...data } });
      return call('standard-webhooks', { method: 'POST', headers: signedHeaders(id, await stack.now(), body), body });
    },
    /** `user session` of each session that is open. */
    openSessions: async (): Promise<readonly string[]> => {
      const { userCards } = (await done('list-user-cards')) as { userCards: { user: string }[] };
      const cards = await Promise.all(userCards.map(({ user }) => done('get-user-card', { user })));
      const open = cards.flatMap(({ user, sessions, currentLicense }) => {
        const found = sessions as { session: string | null }[];
        expect(currentLicense === undefined, String(user)).toBe(found.length === 0);
        return found.map(({ session }) => `${user} ${session}`);
      });
      return open.toSorted();
    },
  };
}
