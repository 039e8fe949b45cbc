import { expect, test } from 'vitest';
import { answerCall } from '../../../functions/session-hooks/answer-call.ts';
import type { Within } from '../../../functions/session-hooks/time-budget.ts';
import { aHookWorld, httpEvent } from '../../fakes/hook-world.ts';
import { aLicense } from '../../fakes/world.ts';
import { signedHeaders, WEBHOOK_SECRET } from '../../sign-in/providers/samples.ts';

/** A signed login whose time is over at once, or never, and what is measured until its work is done. */
async function aLogin({ isLate }: { readonly isLate: boolean }) {
  let work: Promise<unknown> = Promise.resolve();
  const within: Within = async (_, given) => {
    work = given;
    return isLate ? { kind: 'late' } : { kind: 'done', answer: await given };
  };
  const world = await aHookWorld({ licenses: [aLicense()], within });
  await world.configure('standard-webhooks');
  const measured: string[] = [];
  const measure = (values: object) => void measured.push(...Object.keys(values));
  const body = JSON.stringify({ type: 'session.login', data: { tenant: 'acme', user: 'ada', session: 's1' } });
  const headers = signedHeaders('m1', world.clock.now(), body, WEBHOOK_SECRET);
  const event = httpEvent('/hooks/acme/standard-webhooks', 'standard-webhooks', { headers, body });

  await answerCall({ ...world.deps, measure }, event);
  const atAnswer = [...measured];
  world.clock.move(5_000);
  await work;
  return { atAnswer, measured, card: await world.card('ada') };
}

test('a login that goes on after its answer is done, and is not measured: the process may have been frozen for hours', async () => {
  const { atAnswer, measured, card } = await aLogin({ isLate: true });

  expect(card?.current).toBeDefined();
  expect(measured).toEqual(atAnswer);
  expect(measured).not.toContain('LoginLatency');
});

test('a login in time is measured', async () => {
  const { atAnswer } = await aLogin({ isLate: false });

  expect(atAnswer).toContain('LoginLatency');
});
