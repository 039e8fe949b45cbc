import { Building2, type LucideIcon } from 'lucide-react';
import { NavLink } from 'react-router';
import { encodeSegment } from '../api/path-segment.ts';
import { T, useText } from '../texts/text.tsx';
import { usePlace } from './me.ts';
import { ENTRIES } from './navigation-entries.ts';

/** The links to all pages. `onGo` closes the drawer in which they are on a narrow screen. */
export function Navigation({ onGo }: { readonly onGo?: () => void }) {
  const text = useText();
  const { tenant, caller } = usePlace();
  return (
    <nav className="nav" aria-label={text('shell.pages')}>
      {tenant !== '' &&
        ENTRIES.map((group) => (
          <ul key={group[0].page} className="nav-group">
            {group.map(({ page, icon }) => (
              <NavEntry
                key={page}
                to={`/t/${encodeSegment(tenant)}/${page}`}
                icon={icon}
                name={<T id={`shell.nav-${page}`} />}
                {...(onGo && { onGo })}
              />
            ))}
          </ul>
        ))}
      {caller.role === 'operator' && (
        <ul className="nav-group">
          <NavEntry to="/operate" icon={Building2} name={<T id="shell.nav-operate" />} {...(onGo && { onGo })} />
        </ul>
      )}
    </nav>
  );
}

type NavEntryProps = {
  readonly to: string;
  readonly icon: LucideIcon;
  readonly name: React.ReactNode;
  readonly onGo?: () => void;
};

function NavEntry({ to, icon: Icon, name, onGo }: NavEntryProps) {
  return (
    <li>
      <NavLink to={to} className="nav-link" onClick={() => onGo?.()}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        {name}
      </NavLink>
    </li>
  );
}
