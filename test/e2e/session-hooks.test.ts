import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../sign-in/providers/explain.ts';
import { NOW, type Question, questionOf, type Sample, samples } from '../sign-in/providers/samples.ts';
import { tenantWithHooks } from './license-service/hook-callers.ts';
import { peacefulStack } from './license-service/peaceful-stack.ts';

/** One stack for all: its clock is set to the samples', and goes on to the last of them. */
let stack: Awaited<ReturnType<typeof peacefulStack>>;

const byNow = (one: Sample, other: Sample) => (questionOf(one).now < questionOf(other).now ? -1 : 1);
const called = samples.filter(({ delivery }) => delivery === 'http' || delivery === 'action').toSorted(byNow);
const invoked = samples.filter(({ delivery }) => delivery === 'lambda-invoke');

/** A sample with events has a tenant of its own, so that no logout or id of another sample interferes. */
const nameOf = (sample: Sample) => (sample.expect.outcome === 'events' ? `sample-${called.indexOf(sample)}` : 'quiet');
const tenantOf = (sample: Sample) => tenantWithHooks(stack, nameOf(sample));
const pool = () => tenantWithHooks(stack, 'pool');

beforeAll(async () => {
  stack = await peacefulStack({ now: '2026-03-02T15:30:00.000Z' });
  await Promise.all(
    [...new Set(called.map(nameOf))].map(async (name) => {
      const { create, configure } = tenantWithHooks(stack, name);
      await create();
      await configure('standard-webhooks');
    }),
  );
  await Promise.all(
    called.map(async (sample) => {
      const { configure } = tenantOf(sample);
      // A pool or a bus can be one tenant's only: over HTTP the address says whose the call is.
      if (!sample.file.startsWith('auth0/')) await configure(providerOf(sample));
    }),
  );
  await pool().create();
  await pool().configure('cognito');
  await stack.moveClock({ now: NOW });
});
afterAll(() => stack.stop());

const providerOf = ({ file }: Sample) => file.split('/')[0] ?? '';

describe('a sample over HTTP gets the response that its provider expects, and its sessions begin and end', () => {
  test.each(called.map((sample) => [sample.file, sample] as const))('%s', async (_, sample) => {
    const question = questionOf(sample);
    const { tell, call, configure, openSessions, audit, done } = tenantOf(sample);
    const provider = providerOf(sample);
    if (question.now > (await stack.now())) await stack.moveClock({ now: question.now });
    if (provider === 'auth0') await configure(provider);
    const { events, response } = await explain(question);
    const logouts = events.filter(({ kind }) => kind === 'logout');
    const before: Told[] = [];
    for (const { id, user, session, at } of logouts) {
      const login = { user: user ?? 'whoever', session, at: new Date(Date.parse(at) - 60_000).toISOString() };
      expect(await tell(id, 'session.login', login, login.at)).toMatchObject({ status: 200 });
      before.push({ ...login, kind: 'login' });
    }

    const answer = await call(provider, requestOf(question), query(question));

    expect(await openSessions()).toEqual(openAfter([...before, ...events]));
    if (events.length > 0 && answer.body.includes('esm_license')) expect(answer.body).toMatch(/esm_license.*F10\d/);
    else expect(answer).toEqual({ status: response.status, body: response.body });
    expect(await call(provider, requestOf(question), query(question))).toEqual(answer);
    await audit();
    if (provider === 'auth0') await done('delete-hook', { provider });
  });
});

describe('a trigger of Cognito', () => {
  test.each(invoked.map((sample) => [sample.file, sample] as const))('%s', async (_, sample) => {
    const question = questionOf(sample);
    const { openSessions } = pool();
    const before = await openSessions();
    const { events } = await explain(question);
    const event = JSON.parse(question.body);

    const answer = await stack.invoke('session-hooks', event);

    expect({ ...answer, response: event.response }).toEqual(event);
    const isToken = event.triggerSource?.startsWith('TokenGeneration_') && events.length > 0;
    if (isToken) expect(JSON.stringify(answer['response'])).toMatch(/esm_license.*F10\d/);
    else expect(answer).toEqual(event);
    expect(await openSessions()).toEqual([...new Set([...before, ...openAfter(events)])].toSorted());
  });
});

type Told = Pick<Awaited<ReturnType<typeof explain>>['events'][number], 'user' | 'session' | 'kind' | 'at'>;

/** What is open after these, by the plainest reading of the rules (R24). */
function openAfter(events: readonly Told[]): readonly string[] {
  const open = new Map<string, Told>();
  const ended: Told[] = [];
  const ends = (logout: Told, login: Told) =>
    logout.at >= login.at &&
    (logout.user === null || logout.user === login.user) &&
    (logout.session === null || logout.session === login.session);
  for (const event of events.toSorted((one, other) => (one.at < other.at ? -1 : 1))) {
    if (event.kind === 'logout') {
      ended.push(event);
      for (const [key, login] of open) if (ends(event, login)) open.delete(key);
    } else if (!ended.some((logout) => ends(logout, event))) {
      const key = `${event.user} ${event.session}`;
      if (!open.has(key)) open.set(key, event);
    }
  }
  return [...open.keys()].toSorted();
}

function requestOf({ method = 'POST', headers = {}, body }: Question): RequestInit {
  return { method, headers, ...(method === 'GET' ? {} : { body }) };
}

function query({ path = '' }: Question): string {
  return path.includes('?') ? path.slice(path.indexOf('?')) : '';
}
