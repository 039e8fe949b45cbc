import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import * as z from 'zod/mini';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { toAnswer, withIssueDate } from './check-file-output.ts';

const job = z.object({ file: z.string(), path: z.string(), asText: z.boolean() });

/** The thread in which `check-file` reads. Each message is a file; each answer is its output. */
parentPort?.on('message', async (message) => {
  const { file, path, asText } = job.parse(message);
  const reading = await readLicenseFile(await readFile(path), file);
  parentPort?.postMessage(toAnswer(file, asText, withIssueDate(reading, systemClock.now())));
});
