import { Ticket } from 'lucide-react';
import { useState } from 'react';
import type { UserCard } from '../api/types.ts';
import { useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Facts } from '../ui/facts.tsx';
import { FolderName, LicenseClass, SerialLink } from '../ui/names.tsx';
import { Day, Instant } from '../ui/time.tsx';
import { AssignDialog } from './assign-dialog.tsx';
import { TruthChip, TruthSentence } from './license-truth.tsx';
import { LinkedIds } from './linked-ids.tsx';
import { Sessions } from './sessions.tsx';

/** What is true of a user now: the license, the card, the sessions and the other ids. */
export function UserNow({ card }: { readonly card: UserCard }) {
  const text = useText();
  const { folder, access, level, noAccessBy, lastSeen } = card;
  return (
    <div className="panel-parts">
      <div className="truth">
        <TruthChip code={card.licenseInformationCode} />
        <p>
          <TruthSentence truth={card} />
        </p>
      </div>
      <Facts
        facts={[
          { name: text('users.folder'), value: <FolderName path={folder} /> },
          { name: text('users.level'), value: <LevelText level={level} byClaim={noAccessBy === 'claim'} /> },
          { name: text('users.access'), value: <T id={`words.access-${access}`} /> },
          {
            name: text('users.last-seen'),
            value: lastSeen === undefined ? <T id="users.never" /> : <Instant at={lastSeen} />,
          },
        ]}
      />
      <Licenses card={card} />
      <Sessions card={card} />
      <LinkedIds card={card} />
    </div>
  );
}

function LevelText({ level, byClaim }: { readonly level: UserCard['level']; readonly byClaim: boolean }) {
  return (
    <>
      <T id={`words.level-${level}`} />
      {byClaim && (
        <>
          {' '}
          <span className="muted">
            <T id="users.by-claim" />
          </span>
        </>
      )}
    </>
  );
}

function Licenses({ card }: { readonly card: UserCard }) {
  const readOnly = useReadOnlyReason();
  const [isAssigning, setAssigning] = useState(false);
  return (
    <section className="panel-part">
      <div className="panel-part-head">
        <h3>
          <T id="users.assigned" />
        </h3>
        <Button variant="quiet" icon={Ticket} onPress={() => setAssigning(true)} why={readOnly}>
          <T id="users.assign" />
        </Button>
      </div>
      {card.assignedLicenses.length === 0 ? (
        <p className="muted">
          <T id="users.nothing-assigned" />
        </p>
      ) : (
        <ul className="lines">
          {card.assignedLicenses.map((license) => (
            <li key={license.serialNumber} className="line">
              <SerialLink serial={license.serialNumber} />
              <span className="muted">
                <LicenseClass license={license} />
              </span>
              {license.expiresOn !== undefined && (
                <span className="line-end">
                  <T id="users.until" values={{ day: <Day day={license.expiresOn} /> }} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {isAssigning && <AssignDialog card={card} onClose={() => setAssigning(false)} />}
    </section>
  );
}
