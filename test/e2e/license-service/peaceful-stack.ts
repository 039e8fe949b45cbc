import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { startLocalStack } from '../../../infra/local/local-stack.ts';
import { seedInto } from '../../../infra/local/seed.ts';
import { isAllowed, rolePolicies } from '../../infra/role-policies.ts';
import { type Callers, callersOf } from './callers.ts';
import { emptyDir } from './killable-stack.ts';
import { type RecordedCall, recorder } from './recorded-calls.ts';
import { unexplainedChanges } from './unexplained-changes.ts';

export type StackFacts = {
  /** The moment at which its clock is set. */
  readonly now?: string;
  /** With the sample tenant of `npm start`. */
  readonly isSeeded?: boolean;
};

/**
 * A new local stack on a folder and ports of its own, its clock at a given moment. When it ends, every call that its
 * functions made of a service must be one that IAM would have allowed, and every change one that says who made it, why
 * and when (I12).
 */
export async function peacefulStack({
  now,
  isSeeded = false,
}: StackFacts = {}): Promise<
  Callers & { readonly dir: string; calls(): readonly RecordedCall[]; stop(): Promise<void> }
> {
  const dir = emptyDir();
  const { between, calls, stop: stopRecording } = recorder();
  const stack = await startLocalStack({
    dir,
    port: 0,
    fresh: true,
    between,
    ...(isSeeded ? { seed: seedInto(join(dir, 'seed')) } : {}),
  });
  const callers = callersOf(stack.endpoints);
  if (now !== undefined) await callers.moveClock({ now });
  return {
    ...callers,
    dir,
    calls,
    async stop() {
      callers.close();
      const { dynamodb, table } = stack.endpoints;
      const causeless = await unexplainedChanges(dynamodb, table);
      await stack.stop();
      stopRecording();
      const denied = await deniedCalls(join(dir, 'assembly'), calls());
      rmSync(dir, { recursive: true, force: true });
      expect(denied).toEqual([]);
      expect(causeless).toEqual([]);
    },
  };
}

async function deniedCalls(assembly: string, calls: readonly RecordedCall[]): Promise<readonly RecordedCall[]> {
  const policies = rolePolicies(assembly);
  const denied: RecordedCall[] = [];
  for (const call of calls) {
    if (!(await isAllowed(policies.get(call.caller) ?? [], call))) denied.push(call);
  }
  return denied;
}
