import type { FunctionSizes } from '../../infra/constructs/function-sizes.ts';
import type { RouteRate } from '../../infra/constructs/route-rates.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What came of a call: its answer, or that AWS refused it, and after how many milliseconds. */
export type Called<Answer> = {
  readonly kind: 'answered' | 'throttled';
  readonly answer?: Answer;
  readonly milliseconds: number;
};

/**
 * The concurrent executions of an AWS account: a function with reserved ones has these and no more, and the others
 * share the rest. A call without an execution is refused.
 */
export function account(time: VirtualTime, quota: number, reserved: FunctionSizes) {
  const shared = quota - Object.values(reserved).reduce((sum, size) => sum + size, 0);
  const busy = new Map<string, number>();
  return async <Answer>(name: keyof FunctionSizes, work: () => Promise<Answer>): Promise<Called<Answer>> => {
    const pool = reserved[name] === undefined ? 'shared' : name;
    const running = busy.get(pool) ?? 0;
    if (running >= (reserved[name] ?? shared)) return { kind: 'throttled', milliseconds: 0 };
    busy.set(pool, running + 1);
    const begin = time.now();
    try {
      return { kind: 'answered', answer: await work(), milliseconds: time.now() - begin };
    } finally {
      busy.set(pool, (busy.get(pool) ?? 1) - 1);
    }
  };
}

/** A route of API Gateway: returns whether it takes one more request now. */
export function routeOf(time: VirtualTime, { rateLimit, burstLimit }: RouteRate): () => boolean {
  let [tokens, at] = [burstLimit, time.now()];
  return () => {
    tokens = Math.min(burstLimit, tokens + ((time.now() - at) / 1_000) * rateLimit);
    at = time.now();
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** A queue whose groups have one message at a time, and which hands so many on at once. */
export function groupedQueue<Message extends { readonly group: string }>(
  most: number,
  receive: (message: Message) => Promise<unknown>,
) {
  const waiting: Message[] = [];
  const groups = new Map<string, Promise<void>>();
  const handOn = (): void => {
    const place = groups.size < most ? waiting.findIndex(({ group }) => !groups.has(group)) : -1;
    const [message] = place < 0 ? [] : waiting.splice(place, 1);
    if (message === undefined) return;
    const received = receive(message).then(() => {
      groups.delete(message.group);
      handOn();
    });
    groups.set(message.group, received);
    handOn();
  };
  return {
    send(message: Message): void {
      waiting.push(message);
      handOn();
    },
    /** Waits until every message was received. */
    async settle(): Promise<void> {
      while (groups.size > 0) await Promise.all(groups.values());
    },
  };
}
