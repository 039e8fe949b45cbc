import { useIntl } from 'react-intl';
import { usePlace } from '../shell/me.ts';

/** An instant in the tenant's time zone, with UTC at hand. */
export function Instant({ at }: { readonly at: string }) {
  const { timeZone } = usePlace();
  const { locale } = useIntl();
  return (
    <time dateTime={at} title={`${at.replace('T', ' ').replace(/(\.\d+)?Z$/, '')} UTC`}>
      {new Date(at).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone })}
      {timeZone === 'UTC' && ' UTC'}
    </time>
  );
}

/** A calendar day, which is the same in every time zone. */
export function Day({ day }: { readonly day: string }) {
  return <time dateTime={day}>{useDayText()(day)}</time>;
}

export function useDayText(): (day: string) => string {
  const { locale } = useIntl();
  return (day) => new Date(`${day}T00:00:00Z`).toLocaleDateString(locale, { dateStyle: 'medium', timeZone: 'UTC' });
}

const DAY_MS = 86_400_000;

/** Returns the number of days from one calendar day to another. */
export const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
