import { type Instant, plus } from '../licensing/time.ts';
import type { Clock } from './clock.ts';

/** How many are kept. */
const MOST = 10_000;

type Kept<Value> = { readonly value: Value; readonly until: Instant };

/**
 * What `read` gave, kept for `longest` milliseconds; what it did not find is asked for again each time. Calls at once for
 * one name share one read.
 */
export function kept<Value>(
  read: (name: string) => Promise<Value | undefined>,
  clock: Clock,
  longest: number,
): (name: string) => Promise<Value | undefined> {
  const known = new Map<string, Kept<Value>>();
  const running = new Map<string, Promise<Value | undefined>>();

  const ask = async (name: string): Promise<Value | undefined> => {
    const value = await read(name);
    if (value === undefined) known.delete(name);
    else known.set(name, { value, until: plus(clock.now(), longest) });
    const oldest = known.keys().next();
    if (known.size > MOST && !oldest.done) known.delete(oldest.value);
    return value;
  };

  return async (name) => {
    const found = known.get(name);
    if (found !== undefined && clock.now() < found.until) return found.value;
    const asking = running.get(name) ?? ask(name).finally(() => running.delete(name));
    running.set(name, asking);
    return asking;
  };
}
