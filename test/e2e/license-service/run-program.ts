import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { databasesOn, emptyDir } from './killable-stack.ts';

export type Ran = {
  readonly exitCode: number | null;
  /** What it said on both outputs, in order. */
  readonly said: string;
  readonly seconds: number;
  /** The temporary files that it did not remove. */
  readonly left: readonly string[];
};

/**
 * Runs a program to its end, with a folder of its own for temporary files; nothing that it started outlives it.
 * A shell's pipes can be opened by name (`/dev/stdin`), ours cannot: have a shell run what wants that.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  {
    env = {},
    withinMs,
    folder = emptyDir(),
  }: { readonly env?: NodeJS.ProcessEnv; readonly withinMs: number; readonly folder?: string },
): Promise<Ran> {
  const began = performance.now();
  const child = spawn(program, args, {
    detached: true,
    env: { ...process.env, TMPDIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk) => {
      said += String(chunk);
    });
  }
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), withinMs);
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { exitCode, said, seconds: (performance.now() - began) / 1000, left: readdirSync(folder) };
  } finally {
    clearTimeout(timer);
    for (const pid of databasesOn(folder)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
