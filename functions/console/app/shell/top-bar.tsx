import { ListChecks, Menu, Search } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { useIntl } from 'react-intl';
import { T, useText } from '../texts/text.tsx';
import { IconButton } from '../ui/button.tsx';
import { useActivities } from './activity.ts';
import { usePlace } from './me.ts';
import { PersonMenu } from './person-menu.tsx';
import { useServiceNow } from './service-time.ts';

type TopBarProps = { readonly onOpen: (drawer: 'navigation' | 'activity' | 'palette') => void };

export function TopBar({ onOpen }: TopBarProps) {
  const text = useText();
  const { tenant } = usePlace();
  return (
    <header className="top-bar">
      <span className="only-narrow">
        <IconButton icon={Menu} label={text('shell.pages')} onPress={() => onOpen('navigation')} />
      </span>
      {tenant !== '' && (
        <p className="top-bar-tenant">
          <bdi translate="no">{tenant}</bdi>
        </p>
      )}
      <AriaButton className="button search-button" data-variant="plain" onPress={() => onOpen('palette')}>
        <Search size={14} aria-hidden />
        <span className="search-button-text">
          <T id="shell.find" />
        </span>
        <kbd>{isMac() ? '⌘K' : 'Ctrl K'}</kbd>
      </AriaButton>
      <span className="top-bar-gap" />
      <ServiceClock />
      <ActivityButton onPress={() => onOpen('activity')} />
      <PersonMenu />
    </header>
  );
}

const isMac = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The time of the service, in the tenant's zone. */
function ServiceClock() {
  const text = useText();
  const { caller, timeZone } = usePlace();
  const { locale } = useIntl();
  const now = new Date(useServiceNow(caller));
  const shown = now.toLocaleString(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  });
  const utc = now.toISOString().slice(0, 16).replace('T', ' ');
  return (
    <time className="clock" dateTime={now.toISOString()} title={text('shell.clock', { timeZone, utc })} translate="no">
      {shown}
      {timeZone === 'UTC' && ' UTC'}
    </time>
  );
}

function ActivityButton({ onPress }: { readonly onPress: () => void }) {
  const text = useText();
  const activities = useActivities();
  const running = activities.filter(({ state }) => state === 'running').length;
  return (
    <span className="activity-button" data-count={activities.length} data-running={running > 0 || undefined}>
      <IconButton
        icon={ListChecks}
        label={text('shell.activity-count', { count: activities.length })}
        onPress={onPress}
      />
      {activities.length > 0 && (
        <span className="activity-count" aria-hidden>
          {activities.length}
        </span>
      )}
    </span>
  );
}
