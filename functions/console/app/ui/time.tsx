import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import { usePlace } from '../shell/me.ts';

/** An instant in the tenant's time zone, with UTC at hand. */
export function Instant({ at }: { readonly at: string }) {
  const { timeZone } = usePlace();
  const { locale, formatters } = useIntl();
  const format = formatters.getDateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  return (
    <time dateTime={at} title={`${at.replace('T', ' ').replace(/(\.\d+)?Z$/, '')} UTC`}>
      {format.format(new Date(at))}
      {timeZone === 'UTC' && ' UTC'}
    </time>
  );
}

/** A calendar day, which is the same in every time zone. */
export function Day({ day }: { readonly day: string }) {
  return <time dateTime={day}>{useDayText()(day)}</time>;
}

export function useDayText(): (day: string) => string {
  const { locale, formatters } = useIntl();
  return useCallback(
    (day) => {
      const format = formatters.getDateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
      return format.format(new Date(`${day}T00:00:00Z`));
    },
    [locale, formatters],
  );
}

const DAY_MS = 86_400_000;

/** Returns the number of days from one calendar day to another. */
export const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
