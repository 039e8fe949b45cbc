import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { Endpoints } from '../../../infra/local/endpoints.ts';
import { type Callers, callersOf, PATIENCE_MS } from './callers.ts';
import type { Hold } from './run-held.ts';

const PROGRAM = join(import.meta.dirname, 'run-held.ts');

export const emptyDir = (): string => mkdtempSync(join(tmpdir(), 'license-service-'));

/**
 * The product's own local stack in processes of its own, which can be killed, also in the middle of a function's work.
 */
export type KillableStack = {
  readonly dir: string;
  /** Starts it on its folder and its ports. A killed stack may have left anything in the folder. */
  start(): Promise<Callers>;
  /**
   * Stops a function after so many writes, independently of the machine's speed. `held` resolves when the function is
   * stopped. It makes no further write until the stack is killed.
   */
  hold(caller: string, afterWrites: number): Promise<{ readonly held: Promise<void> }>;
  /** `kill -9` of everything that belongs to it, at once. */
  killAll(): Promise<void>;
  /** `kill -9` of the process that was started; the database runs on without it. */
  killParent(): Promise<void>;
  /** Ends what is left, and empties the folder. */
  remove(): Promise<void>;
};

export async function killableStack(): Promise<KillableStack> {
  const dir = emptyDir();
  const port = await firstOfFreePorts(6);
  let child: ChildProcess | undefined;
  let callers: Callers | undefined;

  const kill = async (pids: readonly number[]): Promise<void> => {
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await vi.waitUntil(() => pids.every((pid) => !isAlive(pid)), { timeout: PATIENCE_MS, interval: 10 });
    callers?.close();
  };
  const killAll = () => kill([...parent(), ...databasesOn(dir)]);
  const parent = () => (child?.pid !== undefined && isAlive(child.pid) ? [child.pid] : []);

  return {
    dir,
    async start() {
      const started = spawn(process.execPath, [PROGRAM], {
        env: { ...process.env, LOCAL_DIR: dir, LOCAL_PORT: String(port) },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      child = started;
      let said = '';
      for (const output of [started.stdout, started.stderr]) {
        output?.on('data', (chunk) => {
          said += String(chunk);
        });
      }
      // Its addresses may still be those of the one that was killed, until it says that it is up.
      await told(started, 'up').catch((error) => Promise.reject(new Error(`${error}: ${said}`)));
      const endpoints: Endpoints = JSON.parse(readFileSync(join(dir, 'endpoints.json'), 'utf8'));
      callers = callersOf(endpoints);
      return callers;
    },
    async hold(caller, afterWrites) {
      if (child === undefined) throw new Error('Nothing runs that could be held');
      const [holding, held] = [told(child, 'holding'), told(child, 'held')];
      // What waits for it may never be asked for, when a test fails before.
      held.catch(() => {});
      child.send({ caller, afterWrites } satisfies Hold);
      await holding;
      return { held };
    },
    killAll,
    killParent: () => kill(parent()),
    async remove() {
      await killAll();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Once the program says so; it fails when the program ends before. */
function told(program: ChildProcess, message: string): Promise<void> {
  return new Promise((resolve, reject) => {
    program.on('message', (said) => said === message && resolve());
    program.once('exit', (code, signal) =>
      reject(new Error(`The stack ended (${signal ?? code}) before it was ${message}`)),
    );
  });
}

/** The databases that run on a folder or one below it. */
export function databasesOn(dir: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).some((part) => part.startsWith(`${dir}/`)))
    .filter((name) => commandLine(name)[0]?.endsWith('/dynoxide'))
    .map(Number);
}

function commandLine(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** A killed process that nobody has asked for its end yet is dead too. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Some in a row, below those that the system gives out by itself, so that a restart finds them as it left them. */
export async function firstOfFreePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const places = Array.from({ length: count }, (_, place) => first + place);
    if ((await Promise.all(places.map(isFree))).every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
