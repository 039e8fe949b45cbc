import { text } from 'node:stream/consumers';
import { explainHook } from './explain-request.ts';
import { fetchJwks } from './fetch-jwks.ts';

/**
 * `npm run -s explain-hook` says what the service makes of an identity provider's call: one JSON document on standard
 * input, one on standard output. Nothing is written. Exit code 0 with whatever outcome, 2 when the question is no question.
 */
async function main(): Promise<0 | 2> {
  const answer = await explainHook(await text(process.stdin), fetchJwks);
  await new Promise((resolve) => process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`, resolve));
  return 'error' in answer ? 2 : 0;
}

process.exitCode = await main();
