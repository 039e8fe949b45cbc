import { stat } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { FaultCode } from '../../shared/license-file/faults.ts';
import { LIMITS } from '../../shared/license-file/format.ts';
import { type FileAnswer, toAnswer } from './check-file-output.ts';

/**
 * `npm run -s check-file -- [--text] FILE…` reports whether an import would accept each file, as one JSON line per file
 * or as text for people. The exit code is 0 when all files are accepted, 1 when one is rejected, and 2 for wrong use or
 * a file that cannot be read. A thread with bounded memory and time reads the files.
 */
const USAGE = 'Usage: npm run -s check-file -- [--text] FILE…';
const ADVICE = 'Get the file again from the vendor.';
const LONGEST_WAIT = 20_000;
const HEAP = { maxOldGenerationSizeMb: 80, maxYoungGenerationSizeMb: 16 };

/** `file` is the name as given; `path` is where the file is. */
type Job = { file: string; path: string; asText: boolean };

type Reading =
  | { readonly kind: 'answer'; readonly answer: FileAnswer }
  | { readonly kind: 'failed' }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'too-much-memory' };

class BoundedReader {
  #thread: Worker | undefined;

  /** Returns undefined when the file cannot be read. After a thread was ended, a new one is started. */
  async read(job: Job): Promise<FileAnswer | undefined> {
    this.#thread ??= new Worker(new URL('check-file-thread.ts', import.meta.url), { resourceLimits: HEAP });
    const thread = this.#thread;
    const reading = await new Promise<Reading>((resolve) => {
      const timer = setTimeout(() => settle({ kind: 'too-slow' }), LONGEST_WAIT);
      const onMessage = (answer: FileAnswer) => settle({ kind: 'answer', answer });
      const onError = (error: unknown) => settle({ kind: isOutOfMemory(error) ? 'too-much-memory' : 'failed' });
      const settle = (result: Reading) => {
        clearTimeout(timer);
        thread.off('message', onMessage).off('error', onError);
        resolve(result);
      };
      thread.on('message', onMessage).on('error', onError);
      thread.postMessage(job);
    });
    if (reading.kind !== 'answer') await this.end();
    switch (reading.kind) {
      case 'answer':
        return reading.answer;
      case 'failed':
        return undefined;
      case 'too-slow':
        return rejectByLimit(job, reading.kind, `Reading the file takes too much time. ${ADVICE}`);
      case 'too-much-memory':
        return rejectByLimit(job, reading.kind, `Reading the file takes too much memory. ${ADVICE}`);
    }
  }

  async end(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function rejectByLimit({ file, asText }: Job, code: FaultCode, text: string): FileAnswer {
  return toAnswer(file, asText, { verdict: 'reject:limit', ignored: [], faults: [{ code, place: 'file', text }] });
}

/** npm runs this in the project's folder, but the names are relative to the folder where npm was called. */
async function findFile(name: string): Promise<{ path: string; size: number } | undefined> {
  for (const path of new Set([name, resolvePath(process.env['INIT_CWD'] ?? '', name)])) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() === true) return { path, size: found.size };
  }
  return undefined;
}

/** Returns undefined when there is nothing to read. */
async function check(file: string, asText: boolean, reader: BoundedReader): Promise<FileAnswer | undefined> {
  const found = await findFile(file);
  if (found === undefined) return undefined;
  const job = { file, asText, path: found.path };
  if (found.size <= LIMITS.fileBytes) return reader.read(job);
  return rejectByLimit(job, 'file-too-big', `The file is ${found.size} bytes; ${LIMITS.fileBytes} are allowed.`);
}

function readArguments(args: string[]): { files: string[]; asText: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { text: { type: 'boolean' } } });
    return positionals.length === 0 ? undefined : { files: positionals, asText: values.text === true };
  } catch {
    return undefined;
  }
}

async function main(args: string[]): Promise<0 | 1 | 2> {
  const options = readArguments(args);
  if (options === undefined) {
    console.error(USAGE);
    return 2;
  }
  const reader = new BoundedReader();
  let code: 0 | 1 | 2 = 0;
  for (const file of options.files) {
    const answer = await check(file, options.asText, reader);
    if (answer === undefined) {
      console.error(`${file}: there is no such file, or it cannot be read`);
      code = 2;
      continue;
    }
    await new Promise((resolve) => process.stdout.write(answer.output, resolve));
    if (!answer.accepted && code === 0) code = 1;
  }
  await reader.end();
  return code;
}

process.exitCode = await main(process.argv.slice(2));
