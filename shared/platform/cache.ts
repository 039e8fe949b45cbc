import { type Instant, plus } from '../licensing/time.ts';
import type { Clock } from './clock.ts';

/** The most values in the cache, and the most questions that it remembers as without a value. */
const MOST = 10_000;

/** How long an absence is remembered, in milliseconds, so that not every call of a stranger costs a read. */
const ABSENCE_KEPT = 30_000;

type Kept<Value> = { readonly value: Value; readonly until: Instant };

/**
 * Returns `read` with a cache. A value is cached for `longest` milliseconds, which may depend on the value, and its
 * absence for half a minute at most. Absences take no room from values. Concurrent calls with the same arguments share
 * one read. Arguments are the same if their JSON is. A read that fails is not cached.
 */
export function cached<Arguments extends readonly unknown[], Value>(
  read: (...given: Arguments) => Promise<Value | undefined>,
  clock: Clock,
  longest: number | ((value: Value) => number),
): (...given: Arguments) => Promise<Value | undefined> {
  const known = new Map<string, Kept<Value>>();
  const absent = new Map<string, Kept<undefined>>();
  const running = new Map<string, Promise<Value | undefined>>();

  const keptFor = (value: Value | undefined): number => {
    if (typeof longest === 'number') return value === undefined ? Math.min(ABSENCE_KEPT, longest) : longest;
    return value === undefined ? ABSENCE_KEPT : longest(value);
  };

  const ask = async (name: string, given: Arguments): Promise<Value | undefined> => {
    const value = await read(...given);
    known.delete(name);
    absent.delete(name);
    const milliseconds = keptFor(value);
    if (value === undefined) keep(absent, name, { value, until: plus(clock.now(), milliseconds) });
    else keep(known, name, { value, until: plus(clock.now(), milliseconds) });
    return value;
  };

  return async (...given) => {
    const name = JSON.stringify(given);
    const found = known.get(name) ?? absent.get(name);
    if (found !== undefined && clock.now() < found.until) return found.value;
    const asking = running.get(name) ?? ask(name, given).finally(() => running.delete(name));
    running.set(name, asking);
    return asking;
  };
}

function keep<Value>(all: Map<string, Kept<Value>>, name: string, one: Kept<Value>): void {
  all.set(name, one);
  const oldest = all.keys().next();
  if (all.size > MOST && !oldest.done) all.delete(oldest.value);
}
