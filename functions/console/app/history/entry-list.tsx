import { useIntl } from 'react-intl';
import type { HistoryEntry } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { dayIn } from '../shell/service-time.ts';
import { Day } from '../ui/time.tsx';
import { ChangeText, EntryText } from './entry-text.tsx';

type EntryListProps = { readonly entries: readonly HistoryEntry[]; readonly label: string };

/** Entries of the history under their days, each as a sentence with its time, actor and cause. */
export function EntryList({ entries, label }: EntryListProps) {
  const { timeZone } = usePlace();
  const days = Map.groupBy(entries, ({ at }) => dayIn(timeZone, Date.parse(at)));
  return (
    <section className="entries" aria-label={label}>
      {[...days].map(([day, some]) => (
        <section key={day} className="entries-day">
          <h2 className="entries-head">
            <Day day={day} />
          </h2>
          <ol>
            {some.map((entry) => (
              <Entry key={keyOf(entry)} entry={entry} />
            ))}
          </ol>
        </section>
      ))}
    </section>
  );
}

function keyOf(entry: HistoryEntry): string {
  const about = entry.kind === 'license' ? `${entry.serialNumber} ${entry.version}` : 'user' in entry ? entry.user : '';
  return `${entry.at} ${entry.kind} ${about}`;
}

function Entry({ entry }: { readonly entry: HistoryEntry }) {
  const { timeZone } = usePlace();
  const { locale } = useIntl();
  const { at } = entry;
  return (
    <li className="entry" data-kind={entry.kind}>
      <time dateTime={at} title={`${at.replace('T', ' ').replace(/(\.\d+)?Z$/, '')} UTC`} className="entry-time">
        {new Date(at).toLocaleTimeString(locale, { timeStyle: 'short', timeZone })}
      </time>
      <div className="entry-text">
        <EntryText entry={entry} />
      </div>
      {entry.kind === 'license' && (
        <p className="entry-cause muted">
          <ChangeText change={entry} />
        </p>
      )}
    </li>
  );
}
