import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type MutantRun, readMutants } from './mutants.ts';

/**
 * `node test/license-file/mutate-corpora.ts [count] [seed]` reads that many mutants (200,000) in a thread, and ends
 * with code 1 at the first finding, or when one mutant takes longer than ten seconds.
 */
if (isMainThread) watch(Number(process.argv[2] ?? 200_000), Number(process.argv[3] ?? 1));
else {
  const { count, seed, progress } = workerData as { count: number; seed: number; progress: SharedArrayBuffer };
  const counter = new Int32Array(progress);
  parentPort?.postMessage(await readMutants(count, seed, () => Atomics.add(counter, 0, 1)));
}

function watch(count: number, seed: number): void {
  const progress = new SharedArrayBuffer(4);
  const counter = new Int32Array(progress);
  const worker = new Worker(new URL(import.meta.url), { workerData: { count, seed, progress } });
  let last = -1;
  const watchdog = setInterval(() => {
    const now = Atomics.load(counter, 0);
    if (now === last) end(`mutant ${now} of seed ${seed} hangs`);
    last = now;
  }, 10_000);
  worker.on('error', (error) => end(String(error)));
  worker.on('message', (run: MutantRun) => {
    clearInterval(watchdog);
    process.stdout.write(`${JSON.stringify(run)}\n`);
    process.exitCode = run.findings.length === 0 ? 0 : 1;
  });
}

function end(finding: string): never {
  process.stderr.write(`${finding}\n`);
  process.exit(1);
}
