import middy from '@middy/core';
import { expect } from 'vitest';
import { type AdministerRequest, administerRequest } from '../../../functions/administer/administer-request.ts';
import { answerAdminister } from '../../../functions/administer/answer-administer.ts';
import { decoded } from '../../../shared/runtime/decoding.ts';
import { aWorld, type WorldFacts } from '../../fakes/world.ts';

/** A world with an administrator in it. `ask` answers as the function does, the reading of the request included. */
export async function anOffice(facts: WorldFacts = {}) {
  const world = await aWorld(facts);
  const logged: unknown[][] = [];
  const deps = { ...world.deps, log: (...line: unknown[]) => void logged.push(line) };
  const handler = middy((event: AdministerRequest) => answerAdminister(deps, event)).use(decoded(administerRequest));
  const ask = async (command: string, members: object = {}, tenant = 'acme'): Promise<unknown> =>
    handler({ tenant, actor: 'olga', command, ...members } as AdministerRequest, {} as never);
  /** What every command must leave behind. */
  const expectSound = async (): Promise<void> => {
    expect(await ask('audit')).toMatchObject({ violations: [] });
  };
  return { ...world, ask, expectSound, logged };
}

export const refusal = (code: string, details: object = {}) => ({
  error: { code, message: expect.any(String), ...details },
});
