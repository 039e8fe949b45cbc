import { expect } from 'vitest';
import { answerCall } from '../../functions/session-hooks/answer-call.ts';
import type { HookDeps } from '../../functions/session-hooks/answer-hook.ts';
import type { Within } from '../../functions/session-hooks/time-budget.ts';
import { configuredHooks } from '../../shared/sign-in/hooks/configured-hooks.ts';
import { noteCallOn } from '../../shared/sign-in/hooks/hook-health.ts';
import { cachedKeySets, type FetchJwks } from '../../shared/sign-in/providers/key-sets.ts';
import { cachedTenants, readTenant } from '../../shared/store/read-tenant.ts';
import { settingsOf, signedHeaders, WEBHOOK_SECRET } from '../sign-in/providers/samples.ts';
import { asAdministrator } from './command-world.ts';
import { countingTable } from './counting-table.ts';
import { type MemoryTable, memoryTable } from './memory-table.ts';
import { aWorld, type WorldFacts } from './world.ts';

export type Sent = {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly tenant?: string;
};

export type Answered = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type HookWorldFacts = Omit<WorldFacts, 'table'> & {
  readonly table?: MemoryTable;
  readonly fetchJwks?: FetchJwks;
  readonly within?: Within;
  readonly now?: string;
};

/**
 * Settings whose secrets are the values themselves, as they are stored: by reference, and what the references lead to.
 */
export function byReference(provider: string, settings: Readonly<Record<string, unknown>>) {
  const secrets = new Map<string, string>();
  const entries = Object.entries(settings).map(([name, value]) => {
    if (!['authorization', 'secret', 'clientState'].includes(name)) return [name, value];
    const references = [value].flat().map((secret, index) => {
      secrets.set(`${provider}-${name}-${index}`, String(secret));
      return `file:${provider}-${name}-${index}`;
    });
    return [name, references];
  });
  return { settings: Object.fromEntries(entries) as Record<string, unknown>, secrets };
}

/**
 * What the operator grants before a hook of Cognito or Auth0 is configured; undefined for the others, which need none.
 */
export function grantFor(provider: string, { tenants }: Readonly<Record<string, unknown>>) {
  return ['cognito', 'auth0'].includes(provider) ? { settings: { providerScopes: tenants } } : undefined;
}

/** A world whose tenant has hooks, called as by API Gateway, Cognito and EventBridge. */
export async function aHookWorld({ fetchJwks, within, now, table = memoryTable(), ...facts }: HookWorldFacts = {}) {
  const counting = countingTable(table);
  const world = await aWorld({ ...facts, table: counting.table });
  const { clock } = world;
  clock.move(Date.parse(now ?? '2026-03-02T16:03:00.000Z') - Date.parse(clock.now()));
  const { ask } = asAdministrator(world.deps);
  const secrets = new Map<string, string>();
  const readSecret = async (tenant: string, { name }: { name: string }) => secrets.get(`${tenant}/${name}`);
  const logged: unknown[][] = [];
  const deps: HookDeps = {
    ...world.deps,
    // Cached as the functions are composed.
    readTenant: cachedTenants(readTenant(counting.table), clock),
    within: within ?? (async (_, work) => ({ kind: 'done', answer: await work })),
    hooks: configuredHooks(counting.table, readSecret, clock),
    keySets: cachedKeySets(fetchJwks ?? (() => Promise.reject(new Error('nothing is fetched here')))),
    log: (...line) => void logged.push(line),
    noteCall: noteCallOn({ table: counting.table, clock }),
  };

  const invoke = (event: unknown): Promise<unknown> => answerCall(deps, event);

  return {
    ...world,
    table,
    counts: counting.counts,
    deps,
    ask,
    logged,
    secrets,
    invoke,
    /** Configures a hook with the values themselves, as the samples have them. */
    configure: async (provider: string, given = settingsOf(provider), tenant = 'acme'): Promise<void> => {
      const { settings, secrets: told } = byReference(provider, given);
      for (const [name, value] of told) secrets.set(`${tenant}/${name}`, value);
      const granted = grantFor(provider, settings);
      if (granted !== undefined) expect(await ask('update-tenant', granted, tenant)).not.toHaveProperty('error');
      expect(await ask('put-hook', { provider, settings }, tenant)).not.toHaveProperty('error');
    },
    post: async (provider: string, sent: Sent): Promise<Answered> =>
      (await invoke(httpEvent(`/hooks/${sent.tenant ?? 'acme'}/${provider}`, provider, sent))) as Answered,
    /** Our own signed webhook. */
    tell: async (id: string, type: string, data: object, more: { at?: string; tenant?: string } = {}) => {
      const body = JSON.stringify({ type, ...(more.at && { timestamp: more.at }), data: { tenant: 'acme', ...data } });
      const sent = { headers: signedHeaders(id, clock.now(), body, WEBHOOK_SECRET), body };
      const path = `/hooks/${more.tenant ?? 'acme'}/standard-webhooks`;
      return (await invoke(httpEvent(path, 'standard-webhooks', sent))) as Answered;
    },
  };
}

/** A copy of all items but those that say when a hook was last called. */
export function besideHealth(table: MemoryTable) {
  return structuredClone(table.items().filter(({ pk }) => !pk.startsWith('HOOKHEALTH#')));
}

/** Payload 2.0, its body in base64 as API Gateway gives whatever it does not know to be text. */
export function httpEvent(
  rawPath: string,
  provider: string,
  { method = 'POST', query = '', headers = {}, body = '', tenant }: Sent,
) {
  return {
    version: '2.0',
    rawPath,
    rawQueryString: query,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    pathParameters: { tenant: tenant ?? 'acme', provider },
    requestContext: { http: { method } },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}
