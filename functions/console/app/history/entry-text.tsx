import type { ReactNode } from 'react';
import { useIntl } from 'react-intl';
import type { HistoryEntry } from '../api/types.ts';
import { isTextId, T } from '../texts/text.tsx';
import { FolderName, SerialLink, UserLink } from '../ui/names.tsx';
import { Day } from '../ui/time.tsx';
import { type EventCode, eventsOf, type LicenseEvent } from './events.ts';

/** What happened, as sentences that name what was before and what was after. */
export function EntryText({ entry }: { readonly entry: HistoryEntry }): ReactNode {
  switch (entry.kind) {
    case 'license':
      return (
        <>
          <SerialLink serial={entry.serialNumber} /> <LicenseEvents entry={entry} />
        </>
      );
    case 'denied':
      return (
        <span className="event" data-tone="danger">
          <T
            id="history.denied"
            values={{
              user: <UserLink user={entry.user} />,
              reason: <T id={`words.reason-${entry.reason}`} />,
              folder: <FolderName path={entry.folder} />,
              access: <T id={`words.access-${entry.access}`} />,
            }}
          />
        </span>
      );
    case 'webhook-off':
      return <T id="history.webhook-off" values={{ reason: entry.reason }} />;
  }
}

type LicenseEventsProps = { readonly entry: Parameters<typeof eventsOf>[0] };

/** What was done to a license, as one sentence for each fact that changed. */
export function LicenseEvents({ entry }: LicenseEventsProps) {
  return eventsOf(entry).map((event) => (
    <span key={event.code} className="event">
      <EventText event={event} />
    </span>
  ));
}

type Shown = 'user' | 'folder' | 'day' | 'text';

const SHOWN: Readonly<Partial<Record<EventCode, Shown>>> = {
  added: 'folder',
  moved: 'folder',
  assigned: 'user',
  released: 'user',
  'passed-on': 'user',
  'taken-into-use': 'user',
  'given-back': 'user',
  'used-by-other': 'user',
  'first-day': 'day',
  'last-day': 'day',
  'set-aside': 'day',
};

function EventText({ event: { code, before, after } }: { readonly event: LicenseEvent }) {
  const shown = SHOWN[code] ?? 'text';
  return (
    <T
      id={`history.event-${code}`}
      values={{ before: <Value shown={shown} value={before} />, after: <Value shown={shown} value={after} /> }}
    />
  );
}

function Value({ shown, value }: { readonly shown: Shown; readonly value: string | undefined }): ReactNode {
  if (value === undefined) return <T id="words.none" />;
  switch (shown) {
    case 'user':
      return <UserLink user={value} />;
    case 'folder':
      return <FolderName path={value} />;
    case 'day':
      return <Day day={value} />;
    case 'text':
      return <bdi translate="no">{value}</bdi>;
  }
}

const SHORT = 8;

type ChangeTextProps = { readonly change: { readonly actor: string; readonly cause: string } };

/** Who changed something, and why. A cause may name its renewal or import behind its word. */
export function ChangeText({ change: { actor, cause } }: ChangeTextProps) {
  const { messages } = useIntl();
  const [word = '', ...rest] = cause.split(' ');
  const name = word.replace(/:$/, '');
  const id = `history.cause-${name}`;
  const of = rest.join(' ');
  return (
    <>
      {/* What a function does by itself has the function as its actor, which would only repeat the cause. */}
      {!(/^[a-z-]+$/.test(actor) && actor.includes(name)) && (
        <>
          <bdi translate="no">{actor}</bdi>
          {' · '}
        </>
      )}
      {isTextId(messages, id) ? <T id={id} /> : <bdi translate="no">{word}</bdi>}
      {of !== '' && (
        <>
          {' '}
          <bdi translate="no" title={of}>
            {/^[0-9a-f]{16,}$/.test(of) ? `${of.slice(0, SHORT)}…` : of}
          </bdi>
        </>
      )}
    </>
  );
}
