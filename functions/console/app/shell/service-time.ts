import { useEffect, useState } from 'react';
import type { Caller } from './me.ts';

const TICK_MS = 10_000;

/** Returns the time of the service, which is not the browser's: the local stack's clock can be moved. */
export function serviceNow({ clockOffset }: Pick<Caller, 'clockOffset'>): number {
  return performance.now() + clockOffset;
}

/** Returns the time of the service, again and again. */
export function useServiceNow(caller: Caller): number {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return serviceNow(caller);
}

/** Returns the calendar day in a time zone. */
export function dayIn(timeZone: string, instant: number): string {
  return new Date(instant).toLocaleDateString('sv-SE', { timeZone });
}
