import { expect, it } from 'vitest';
import type { Receipt } from '../../../shared/licensing/login/receipt.ts';
import { handledEventWrite } from '../../../shared/sign-in/hooks/handled-event.ts';
import { hookEventKey } from '../../../shared/store/keys.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { NOW } from '../../fakes/world.ts';

const KEY = hookEventKey('acme', 'e1');

function denied(reason: 'session-ended' | 'no-free-license'): Receipt {
  return { outcome: 'denied', reason, steps: [], attempts: 1, user: 'ada', session: 's1', at: NOW };
}

it('a stale answer is replaced once, and a concurrent call reads the new one', async () => {
  const table = memoryTable();
  const write = (receipt: Receipt, over?: Parameters<typeof handledEventWrite>[3]) =>
    handledEventWrite(KEY, { fingerprint: 'f', receipt }, NOW, over);
  await table.write([write(denied('no-free-license'))]);
  const found = await table.get(KEY);

  expect(await table.write([write(denied('session-ended'), found)])).toEqual({ done: true });

  expect(await table.write([write(denied('no-free-license'), found)])).toMatchObject({ done: false });
  expect(table.items()).toMatchObject([{ receipt: { reason: 'session-ended' } }]);
});
