import { rmSync } from 'node:fs';
import { startLocalStack } from '../../../infra/local/local-stack.ts';
import { type Callers, callersOf } from './callers.ts';
import { emptyDir } from './killable-stack.ts';

/** A new local stack on a folder and ports of its own, its clock at a given moment. */
export async function peacefulStack(now?: string): Promise<Callers & { readonly dir: string; stop(): Promise<void> }> {
  const dir = emptyDir();
  const stack = await startLocalStack({ dir, port: 0, fresh: true });
  const callers = callersOf(stack.endpoints);
  if (now !== undefined) await callers.moveClock({ now });
  return {
    ...callers,
    dir,
    async stop() {
      callers.close();
      await stack.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
