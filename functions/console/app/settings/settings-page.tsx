import { Navigate, NavLink, useParams } from 'react-router';
import { encodeSegment } from '../api/path-segment.ts';
import { usePlace } from '../shell/me.ts';
import { NotFoundPage } from '../shell/not-found-page.tsx';
import { T, useText } from '../texts/text.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { AuditSection } from './audit-section.tsx';
import { FoldersSection } from './folders-section.tsx';
import { GeneralSection } from './general-section.tsx';
import { IdentitySection } from './identity-section.tsx';
import { WebhookSection } from './webhook-section.tsx';

const SECTIONS = {
  general: GeneralSection,
  folders: FoldersSection,
  identity: IdentitySection,
  webhook: WebhookSection,
  audit: AuditSection,
};
const NAMES = ['general', 'folders', 'identity', 'webhook', 'audit'] as const;

/** The settings of the tenant, one section per address. */
export function Component() {
  const text = useText();
  const { tenant } = usePlace();
  const { section, part } = useParams();
  const name = NAMES.find((one) => one === section);
  const base = `/t/${encodeSegment(tenant)}/settings`;
  if (section === undefined) return <Navigate replace to={`${base}/general`} />;
  if (name === undefined || (part !== undefined && name !== 'identity')) return <NotFoundPage />;
  const Section = SECTIONS[name];
  return (
    <>
      <PageHead title={text('settings.title')} />
      <div className="settings">
        <nav className="settings-nav" aria-label={text('settings.title')}>
          {NAMES.map((one) => (
            <NavLink key={one} to={`${base}/${one}`} className="settings-link">
              <T id={`settings.section-${one}`} />
            </NavLink>
          ))}
        </nav>
        <div className="settings-section">
          <Section />
        </div>
      </div>
    </>
  );
}
