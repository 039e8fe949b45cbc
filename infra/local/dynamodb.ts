import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from './http.ts';

export type DynamoDb = {
  readonly url: string;
  readonly stop: () => Promise<void>;
};

/**
 * Starts the embedded DynamoDB as a child process with its data in the state folder. If `AWS_ENDPOINT_URL_DYNAMODB` is
 * set, uses that one and neither starts nor stops it. The program answers to every web page, so it listens at a random
 * address of this machine (127.x.y.z), which no page can find. Others get to it by a port that refuses pages.
 */
export async function startDynamoDb(dir: string): Promise<DynamoDb> {
  const elsewhere = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
  if (elsewhere !== undefined && elsewhere !== '') return { url: elsewhere.replace(/\/$/, ''), stop: async () => {} };
  const database = join(dir, 'dynamodb.sqlite');
  const binary = embeddedBinary();
  await endLeftovers(database);
  const host = ['127', ...Array.from({ length: 3 }, () => randomInt(1, 255))].join('.');
  const port = String(randomInt(20_000, 60_000));
  const child = spawn(binary, ['serve', '--host', host, '--port', port, '--db-path', database], {
    // In a process group of its own, so that Ctrl-C reaches only the stack, which ends this child last.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('listening on')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new StartError(`DynamoDB: ${said}`)));
  });
  makeStreamsFast(database);
  let stopping = false;
  void exited.then(() => stopping || console.error('DynamoDB has ended; nothing works without it. Start again.'));
  return {
    url: `http://${host}:${port}`,
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      await exited;
      process.off('exit', kill);
    },
  };
}

export function embeddedBinary(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json')), 'dynoxide');
  } catch {
    throw new StartError(
      `The embedded DynamoDB runs on Linux on x64 (this is ${process.platform} on ${process.arch}). ` +
        'Start any other DynamoDB, for example DynamoDB Local, and name its address in AWS_ENDPOINT_URL_DYNAMODB.',
    );
  }
}

/** Ends the DynamoDB that a killed stack left running. It is ours if it runs this program with this file. */
async function endLeftovers(database: string): Promise<void> {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const [program = '', ...args] = commandLine(pid);
    if (program.endsWith('/dynoxide') && args.includes(database)) {
      process.kill(Number(pid), 'SIGKILL');
      while (commandLine(pid).includes(database)) await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Adds an index, without which each write scans all records that the stream ever had. */
function makeStreamsFast(database: string): void {
  const tables = new DatabaseSync(database);
  tables.exec('PRAGMA busy_timeout = 5000');
  tables.exec(
    'CREATE INDEX IF NOT EXISTS stream_position ON _stream_records (table_name, CAST(sequence_number AS INTEGER))',
  );
  tables.close();
}
