import { T } from '../texts/text.tsx';

const MINUTE_MS = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;

/** How long it is until an instant, as far as people want to know it. Nothing for one that has passed. */
export function Until({ now, at }: { readonly now: number; readonly at: string }) {
  const minutes = Math.ceil((Date.parse(at) - now) / MINUTE_MS);
  if (minutes <= 0) return null;
  if (minutes >= 2 * DAY) return <T id="renewals.in-days" values={{ days: Math.floor(minutes / DAY) }} />;
  return <T id="renewals.in-hours" values={{ hours: Math.floor(minutes / HOUR), minutes: minutes % HOUR }} />;
}
