import { startLocalStack } from '../../../infra/local/local-stack.ts';
import { seedInto } from '../../../infra/local/seed.ts';
import { callerOf, middlemen } from './between.ts';

/** Which function is held, once it has made so many writes since it was asked for. */
export type Hold = { readonly caller: string; readonly afterWrites: number };

const WRITES = /\.(PutItem|UpdateItem|DeleteItem|TransactWriteItems)$/;

/*
 * The local stack of `npm start` in a process of its own, to be killed: with LOCAL_DIR and LOCAL_PORT. Whoever started it
 * may ask for a function to be held in the middle of its work: its further writes are never made, and `held` is said.
 */
let hold: Hold | undefined;
let writes = 0;
process.on('message', (asked: Hold) => {
  hold = asked;
  writes = 0;
  process.send?.('holding');
});

const { between } = middlemen(async (service, incoming) => {
  const operation = String(incoming.headers['x-amz-target']);
  if (hold === undefined || service !== 'dynamodb' || !WRITES.test(operation) || callerOf(incoming) !== hold.caller) {
    return;
  }
  writes += 1;
  if (writes <= hold.afterWrites) return;
  process.send?.('held');
  await new Promise(() => {});
});

const dir = process.env['LOCAL_DIR'] ?? '';
await startLocalStack({ dir, port: Number(process.env['LOCAL_PORT']), seed: seedInto(dir), between });
process.send?.('up');
