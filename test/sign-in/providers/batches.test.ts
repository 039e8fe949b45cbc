import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concludeBatch, STATUS_ONLY } from '../../../shared/sign-in/providers/hook-outcome.ts';
import type { Element } from '../../../shared/sign-in/providers/session-event.ts';
import { explain } from './explain.ts';
import { fixture, NOW, type Question, settingsOf } from './samples.ts';

const logEvent = fc.record({
  uuid: fc.constantFrom('one', 'two', 'three', 'four', 'five', 'six'),
  published: fc.constantFrom('2026-03-02T08:15:32.159Z', '2026-03-02T10:15:32+02:00', '2026-03-02T16:00:00.1234567Z'),
  eventType: fc.constantFrom(
    'user.session.start',
    'user.authentication.sso',
    'user.session.end',
    'policy.evaluate_sign_on',
  ),
  outcome: fc.record({ result: fc.constantFrom('SUCCESS', 'FAILURE') }),
  actor: fc.option(fc.record({ id: fc.constantFrom('aino', 'mikko'), type: fc.constant('User') })),
  authenticationContext: fc.record({ externalSessionId: fc.constantFrom('a', 'b', 'unknown', null) }),
});

function delivered(events: readonly unknown[]): Question {
  const source = 'https://acme-example.okta.com/api/v1/eventHooks/one';
  return {
    provider: 'okta',
    delivery: 'http',
    now: NOW,
    headers: { authorization: 'okta-hook-shared-secret' },
    body: JSON.stringify({ eventType: 'com.okta.event_hook', source, data: { events } }),
    settings: settingsOf('okta'),
  };
}

test('neither the order of a batch nor its duplicates change the result', async () => {
  const shuffledBatches = fc
    .array(logEvent, { maxLength: 30 })
    .chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length })),
    );
  await fc.assert(
    fc.asyncProperty(shuffledBatches, async ([events, shuffled]) => {
      const [inOrder, again] = await Promise.all([explain(delivered(events)), explain(delivered(shuffled))]);

      expect(again.outcome).toBe(inOrder.outcome);
      expect(again.events).toEqual(inOrder.events);
      expect(again.events.map(({ at }) => at)).toEqual(again.events.map(({ at }) => at).toSorted());
      expect(new Set(again.events.map(({ id }) => id)).size).toBe(again.events.length);
    }),
    { numRuns: 60 },
  );
});

const GOOD: Element = {
  kind: 'event',
  event: { tenant: 'okta:acme', user: 'aino', session: 's', kind: 'login', at: NOW, id: 'one' },
};
const BAD: Element = { kind: 'bad', reason: 'a login that names no user' };
const FOREIGN: Element = { kind: 'foreign', reason: 'of another tenant' };
const IGNORED: Element = { kind: 'ignored', reason: 'irrelevant' };

test.each([
  [[], 'ignore'],
  [[IGNORED], 'ignore'],
  [[IGNORED, BAD], 'reject'],
  [[IGNORED, BAD, FOREIGN], 'unauthorized'],
  [[IGNORED, BAD, FOREIGN, GOOD], 'events'],
] as [Element[], string][])(
  'the good elements of a batch are accepted, and the worst of the others decides the answer: %j',
  (elements, outcome) => {
    expect(concludeBatch(elements, STATUS_ONLY).outcome).toBe(outcome);
  },
);

test('bad elements beside good ones are counted', () => {
  expect(concludeBatch([BAD, GOOD, FOREIGN, IGNORED, GOOD], STATUS_ONLY)).toMatchObject({
    rejected: 2,
    events: [{ id: 'one' }],
  });
});

const lines = fixture('auth0/log-stream-mixed.jsonl');
const records = lines
  .trim()
  .split('\n')
  .map((line): unknown => JSON.parse(line));
const bodies = [lines, JSON.stringify(records), JSON.stringify(records, null, 2), JSON.stringify(records[1], null, 2)];

test('Auth0’s batch is requested again wherever it is cut off', async () => {
  const cuts = fc
    .constantFrom(...bodies)
    .chain((body) => fc.integer({ min: 1, max: body.trimEnd().length - 1 }).map((length) => body.slice(0, length)));
  const isLine = (text: string) =>
    /\}\s*$/.test(text) && lines.startsWith(text) && /^\n/.test(lines.slice(text.trimEnd().length));
  await fc.assert(
    fc.asyncProperty(cuts, async (body) => {
      fc.pre(!isLine(body));
      const answer = await explain({
        provider: 'auth0',
        delivery: 'http',
        now: NOW,
        headers: { authorization: 'auth0-stream-token' },
        body,
        settings: settingsOf('auth0'),
      });

      expect(answer.outcome).toBe('retry');
      expect(answer.response.status).toBe(503);
    }),
    { numRuns: 150 },
  );
});
