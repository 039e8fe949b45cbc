import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { answerControl, type Controls } from '../../infra/local/control.ts';

const A_QUARTER_OF_A_SECOND = 250;

/** A stack at 08:00 in which the work that is due after a move takes a quarter of a second. */
function aStack({ mayGoBack = false } = {}) {
  let now = Date.parse('2026-01-15T08:00:00Z');
  const controls: Controls = {
    clock: { now: () => now, setTo: () => {}, offset: new BigInt64Array(new SharedArrayBuffer(8)) },
    mayGoBack: () => mayGoBack,
    moveClock(instant) {
      now = instant + A_QUARTER_OF_A_SECOND;
    },
    runDue: async () => {},
    events: () => [],
  };
  return async (method: string, url: string, body: object = {}) => {
    const answer = await answerControl(controls, { method, url } as IncomingMessage, JSON.stringify(body));
    return { status: answer.status, now: JSON.parse(String(answer.body)).now };
  };
}

test('a move of the clock is answered with its target, before which none of the work that it starts can run', async () => {
  const ask = aStack();

  expect(await ask('POST', '/clock', { advance: 'P3D' })).toEqual({ status: 200, now: '2026-01-18T08:00:00.000Z' });
  expect(await ask('GET', '/clock')).toEqual({ status: 200, now: '2026-01-18T08:00:00.250Z' });
});

test('the clock goes back only before anything has run', async () => {
  const earlier = { now: '2026-01-01T00:00:00Z' };

  expect(await aStack()('POST', '/clock', earlier)).toMatchObject({ status: 409 });
  expect(await aStack({ mayGoBack: true })('POST', '/clock', earlier)).toEqual({
    status: 200,
    now: '2026-01-01T00:00:00.000Z',
  });
});
