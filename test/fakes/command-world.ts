import middy from '@middy/core';
import { expect } from 'vitest';
import { type AdministerRequest, administerRequest } from '../../shared/administration/administer-request.ts';
import type { AdministerDeps } from '../../shared/administration/deps.ts';
import { executeCommand } from '../../shared/administration/execute-command.ts';
import { dayIn } from '../../shared/licensing/time.ts';
import { decoded } from '../../shared/platform/validation.ts';
import type { SessionDeps } from '../../shared/sign-in/sessions/deps.ts';
import { violationsOf } from './invariants.ts';
import { memoryExecutions } from './memory-executions.ts';
import { memoryObjects } from './memory-objects.ts';
import { memoryTable } from './memory-table.ts';
import { aWorld, keyedHash, type WorldFacts } from './world.ts';

/** Signs nothing: shows what would be signed. */
export const signUploadForm: AdministerDeps['signUploadForm'] = async ({ key, ...permitted }) => ({
  url: `https://bucket.example.com/${key}`,
  fields: { permitted: JSON.stringify(permitted) },
});

/** Signs nothing: shows what would be signed. */
export const signDownload: AdministerDeps['signDownload'] = async ({ key, ...permitted }) =>
  `https://bucket.example.com/${key}?${JSON.stringify(permitted)}`;

/** Asks as the administrator olga, and is answered as by the function, the reading of the request included. */
export function asAdministrator(
  session: SessionDeps & Partial<Pick<AdministerDeps, 'objects' | 'executions' | 'mayBeLocal'>>,
) {
  const logged: unknown[][] = [];
  const log = (...line: unknown[]) => void logged.push(line);
  const renewals = {
    longestCall: 30_000,
    objects: memoryObjects(),
    executions: memoryExecutions(),
    signUploadForm,
    signDownload,
  };
  const deps = { ...renewals, ...session, log, keyedHash, cardHints: new Map(), vacancyHints: new Map() };
  const handler = middy((event: AdministerRequest) => executeCommand(deps, event)).use(decoded(administerRequest));
  const ask = async (command: string, members: object = {}, tenant = 'acme'): Promise<unknown> =>
    handler({ tenant, actor: 'olga', command, ...members } as AdministerRequest, {} as never);
  return { ask, logged };
}

/** A world with an administrator in it. */
export async function aCommandWorld({ table = memoryTable(), ...facts }: CommandWorldFacts = {}) {
  const world = await aWorld({ ...facts, table });
  const { ask, logged } = asAdministrator(world.deps);
  /**
   * What every command must leave behind: by the service's own audit, and by the tests' that shares no code with it.
   */
  const expectSound = async (): Promise<void> => {
    expect(await ask('audit')).toMatchObject({ violations: [] });
    const today = dayIn(world.tenant.settings.timeZone, world.clock.now());
    expect(violationsOf(table.items(), today)).toEqual([]);
  };
  return { ...world, ask, expectSound, logged };
}

export type CommandWorldFacts = WorldFacts & { readonly table?: ReturnType<typeof memoryTable> };

export const refusal = (code: string, details: object = {}) => ({
  error: { code, message: expect.any(String), ...details },
});
