import { text } from 'node:stream/consumers';
import { explainHook } from './explain-request.ts';
import { fetchJwks } from './fetch-jwks.ts';

/**
 * `npm run -s explain-hook` shows how the service would handle an identity provider's call: one JSON document on
 * standard input, one on standard output. Nothing is written. The exit code is 0 for every outcome, and 2 for a
 * document that is not a question.
 */
async function main(): Promise<0 | 2> {
  const answer = await explainHook(await text(process.stdin), fetchJwks);
  await new Promise((resolve) => process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`, resolve));
  return 'error' in answer ? 2 : 0;
}

process.exitCode = await main();
