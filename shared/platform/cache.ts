import { type Instant, plus } from '../licensing/time.ts';
import type { Clock } from './clock.ts';

/** How many are kept, and of how many it is kept that they are not there. */
const MOST = 10_000;

/** So long what was not there counts as not there, in milliseconds: a stranger's calls for it cost no read each. */
export const ABSENCE_KEPT = 30_000;

type Kept<Value> = { readonly value: Value; readonly until: Instant };

/**
 * What `read` gave, kept for `longest` milliseconds; that there is nothing of a name, for half a minute at most. Names of
 * nothing take no room from what is there. Calls at once for one name share one read; a read that fails is not kept.
 */
export function cached<Value>(
  read: (name: string) => Promise<Value | undefined>,
  clock: Clock,
  longest: number,
): (name: string) => Promise<Value | undefined> {
  const known = new Map<string, Kept<Value>>();
  const absent = new Map<string, Kept<undefined>>();
  const running = new Map<string, Promise<Value | undefined>>();

  const ask = async (name: string): Promise<Value | undefined> => {
    const value = await read(name);
    known.delete(name);
    absent.delete(name);
    if (value === undefined) keep(absent, name, { value, until: plus(clock.now(), Math.min(ABSENCE_KEPT, longest)) });
    else keep(known, name, { value, until: plus(clock.now(), longest) });
    return value;
  };

  return async (name) => {
    const found = known.get(name) ?? absent.get(name);
    if (found !== undefined && clock.now() < found.until) return found.value;
    const asking = running.get(name) ?? ask(name).finally(() => running.delete(name));
    running.set(name, asking);
    return asking;
  };
}

function keep<Value>(all: Map<string, Kept<Value>>, name: string, one: Kept<Value>): void {
  all.set(name, one);
  const oldest = all.keys().next();
  if (all.size > MOST && !oldest.done) all.delete(oldest.value);
}
