/**
 * Returns a `Date` class whose present is shifted by an offset (in ms) in shared memory, so that a moved clock shows
 * everywhere at once. Everything else is like the real `Date`. Timers and `performance` keep the machine's time.
 */
export function shiftedDate(offset: BigInt64Array): DateConstructor {
  const Machine = Date;
  const now = () => Machine.now() + Number(Atomics.load(offset, 0));
  return new Proxy(Machine, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new Machine(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
}
