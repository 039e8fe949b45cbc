import { explainHook, type HookExplained } from '../../../shared/sign-in/providers/explain-request.ts';
import type { FetchJwks } from '../../../shared/sign-in/providers/key-sets.ts';
import type { Question } from './samples.ts';

export const unreachable: FetchJwks = () => Promise.reject(new Error('nothing is fetched here'));

/** Asks as `npm run explain-hook` does; a question that is none fails the test. */
export async function explain(question: Question, fetchJwks: FetchJwks = unreachable): Promise<HookExplained> {
  const answer = await explainHook(JSON.stringify(question), fetchJwks);
  if ('error' in answer) throw new Error(answer.error.message);
  return answer;
}
