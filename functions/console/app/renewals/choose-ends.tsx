import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.ts';
import { tenantKey } from '../api/queries.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { ChoiceCards } from '../ui/choice-cards.tsx';
import { Loading } from '../ui/loading.tsx';
import { TextArea } from '../ui/text-area.tsx';
import { TextField } from '../ui/text-field.tsx';
import { Day } from '../ui/time.tsx';

type ChooseEndsProps = {
  readonly day: string | undefined;
  readonly serials: string | undefined;
  readonly onDay: (day: string | undefined) => void;
  readonly onSerials: (serials: string) => void;
};

/** Which licenses end: all until a day, or those of a list. */
export function ChooseEnds({ day, serials, onDay, onSerials }: ChooseEndsProps) {
  const text = useText();
  const [how, setHow] = useState<'day' | 'list'>(serials === undefined ? 'day' : 'list');
  return (
    <>
      <ChoiceCards
        label={text('renewals.step-ends')}
        value={how}
        onChange={setHow}
        cards={[
          { id: 'day', title: <T id="renewals.by-day" />, note: <T id="renewals.by-day-note" /> },
          { id: 'list', title: <T id="renewals.by-list" />, note: <T id="renewals.by-list-note" /> },
        ]}
      />
      {how === 'day' ? (
        <>
          <EndingDays value={day} onChange={onDay} />
          <TextField
            label={text('renewals.last-day')}
            type="date"
            value={day ?? ''}
            onChange={(value) => onDay(value === '' ? undefined : value)}
          />
        </>
      ) : (
        <TextArea
          label={text('renewals.serials')}
          hint={<T id="renewals.serials-hint" />}
          value={serials ?? ''}
          onChange={onSerials}
        />
      )}
    </>
  );
}

type EndingDaysProps = { readonly value: string | undefined; readonly onChange: (day: string) => void };

/** How many days are offered. Others are typed. */
const MOST_DAYS = 8;

/** The days on which licenses end, with their counts. A click chooses the day. */
function EndingDays({ value, onChange }: EndingDaysProps) {
  const { tenant } = usePlace();
  const calendar = useQuery({
    queryKey: [...tenantKey(tenant), 'expiry-calendar'],
    queryFn: ({ signal }) =>
      read(api.GET('/tenants/{tenant}/expiry-calendar', { params: { path: { tenant } }, signal })),
  });
  if (calendar.isPending) return <Loading />;
  // A day can be typed without the calendar.
  if (calendar.isError) return null;
  const days = calendar.data.days.filter(({ licenses }) => licenses > 0).slice(0, MOST_DAYS);
  if (days.length === 0) {
    return (
      <p className="muted">
        <T id="renewals.nothing-ends" />
      </p>
    );
  }
  const most = Math.max(...days.map(({ licenses }) => licenses));
  return (
    <ul className="ending-days">
      {days.map(({ day, licenses, users }) => (
        <li key={day}>
          <button type="button" className="ending-day" aria-pressed={day === value} onClick={() => onChange(day)}>
            <Day day={day} />
            <span className="ending-line" aria-hidden>
              <span className="ending-bar" style={{ width: `${(licenses / most) * 100}%` }} />
            </span>
            <span>
              <T id="renewals.ending-count" values={{ licenses, users }} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
