import { expect, test } from 'vitest';
import { sendPatiently, type Wait } from '../../../../functions/console/app/api/send-patiently.ts';

/** Sends a request to a service that gives these answers one after another. */
async function sendTo(answers: readonly Response[], init: RequestInit = {}) {
  const waits: Wait[] = [];
  const bodies: string[] = [];
  const rest = [...answers];
  const answer = await sendPatiently(new Request('https://api.example.com/tenants/acme', init), {
    async send(request) {
      bodies.push(await request.text());
      return rest.shift()!;
    },
    async wait(wait) {
      waits.push(wait);
    },
  });
  return { status: answer.status, waits, bodies };
}

const busy = (retryAfter: string) =>
  Response.json({ code: 'busy' }, { status: 429, headers: { 'retry-after': retryAfter } });
const answer = (status: number, headers = {}) => Response.json({}, { status, headers });
const CHANGE = { method: 'POST', body: '{"folder":"Sales"}' };
const WITH_KEY = { ...CHANGE, headers: { 'idempotency-key': 'one' } };

test('a read waits as long as the service says, and is sent again', async () => {
  expect(await sendTo([busy('5'), busy('2'), answer(200)])).toMatchObject({
    status: 200,
    waits: [
      { code: 'busy', milliseconds: 5_000 },
      { code: 'busy', milliseconds: 2_000 },
    ],
  });
});

test('an answer that says no time is asked for again after growing pauses, and the last one is given', async () => {
  expect(await sendTo([answer(503), answer(502), answer(429), answer(503), answer(504)])).toMatchObject({
    status: 504,
    waits: [
      { code: 'service-failed', milliseconds: 300 },
      { code: 'service-failed', milliseconds: 900 },
      { code: 'too-many-calls', milliseconds: 2_700 },
      { code: 'service-failed', milliseconds: 8_100 },
    ],
  });
});

test('a longer wait than half a minute is the person’s to decide', async () => {
  expect(await sendTo([busy('31')])).toMatchObject({ status: 429, waits: [] });
});

test.each([200, 304, 400, 401, 403, 404, 409, 412, 500])('an answer %d is given as it is', async (status) => {
  const body = status === 304 ? null : '{}';
  expect(await sendTo([new Response(body, { status })])).toMatchObject({ status, waits: [] });
});

test('a change is sent again with its key and its body', async () => {
  expect(await sendTo([busy('1'), answer(503), answer(202)], WITH_KEY)).toMatchObject({
    status: 202,
    bodies: [CHANGE.body, CHANGE.body, CHANGE.body],
  });
});

test('the outcome of a change that is still being made is asked for', async () => {
  const inProgress = Response.json({ code: 'in-progress' }, { status: 409, headers: { 'retry-after': '5' } });

  expect(await sendTo([inProgress, answer(200)], WITH_KEY)).toMatchObject({
    status: 200,
    waits: [{ code: 'in-progress', milliseconds: 5_000 }],
  });
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('a %s without a key is sent once', async (method) => {
  expect(await sendTo([busy('1')], { ...CHANGE, method })).toMatchObject({ status: 429, waits: [] });
});
