import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const stackOwner = z.object({ pid: z.number(), born: z.string() });
const ownerFile = (dir: string) => join(dir, 'owner.json');

/**
 * Ends the stack that still runs on this folder, if there is one, and makes this process its owner. The later start
 * wins, because a stack whose terminal was killed runs on unseen, and nobody should have to search for it.
 */
export async function takeOver(dir: string): Promise<void> {
  const owner = existsSync(ownerFile(dir)) ? readOwner(dir) : undefined;
  if (owner !== undefined && owner.pid !== process.pid && born(owner.pid) === owner.born) {
    console.log(`A stack already runs on ${dir} (process ${owner.pid}); taking over from it.`);
    process.kill(owner.pid, 'SIGTERM');
    const patience = performance.now() + 10_000;
    while (born(owner.pid) === owner.born) {
      if (performance.now() > patience) process.kill(owner.pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  writeFileSync(ownerFile(dir), JSON.stringify({ pid: process.pid, born: born(process.pid) ?? '' }));
}

function readOwner(dir: string): z.infer<typeof stackOwner> | undefined {
  try {
    return stackOwner.parse(JSON.parse(readFileSync(ownerFile(dir), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Returns when a process started, so that a reused process id is not mistaken for ours. */
function born(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    }
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
