import { useState } from 'react';
import { Problem } from '../api/problem.ts';
import type { UserCard } from '../api/types.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Instant } from '../ui/time.tsx';
import { UserWhy } from '../why/user-why.tsx';
import { AbsentUser } from './absent-user.tsx';
import { EditCardDialog } from './edit-card-dialog.tsx';
import { useUserFilters } from './filters.ts';
import { RemoveDialog } from './remove-dialog.tsx';
import { UserHistory } from './user-history.tsx';
import { UserNow } from './user-now.tsx';
import { useUserCard } from './user-queries.ts';

type UserPanelProps = { readonly user: string; readonly onClose: () => void };

/** The card of a user beside the list. */
export function UserPanel({ user, onClose }: UserPanelProps) {
  const text = useText();
  const { tenant } = usePlace();
  const card = useUserCard(tenant, user);
  const isAbsent = card.isError && Problem.from(card.error).code === 'unknown-user';
  return (
    <Panel
      about={user}
      label={text('users.card-of', { user: card.data?.name ?? user })}
      name={card.data?.name ?? user}
      note={
        card.data?.name !== undefined && (
          <p className="muted">
            <bdi translate="no">{user}</bdi>
          </p>
        )
      }
      onClose={onClose}
    >
      {card.isPending ? (
        <Loading />
      ) : isAbsent ? (
        <AbsentUser user={user} />
      ) : card.isError ? (
        <PageFaultView error={card.error} onRetry={() => void card.refetch()} />
      ) : (
        <Card card={card.data} onRemoved={onClose} />
      )}
    </Panel>
  );
}

function Card({ card, onRemoved }: { readonly card: UserCard; readonly onRemoved: () => void }) {
  const text = useText();
  const readOnly = useReadOnlyReason();
  const [{ tab = 'now' }, change] = useUserFilters();
  const [dialog, setDialog] = useState<'edit' | 'remove'>();
  const close = () => setDialog(undefined);
  const { leaver, linkedIds } = card;
  return (
    <>
      {leaver !== undefined && (
        <Notice kind="warning">
          <T
            id={`users.leaver-said-${leaver.note}`}
            values={{ at: <Instant at={leaver.at} />, source: leaver.source }}
          />
        </Notice>
      )}
      <div className="panel-actions">
        <Button onPress={() => setDialog('edit')} why={readOnly}>
          <T id="users.edit" />
        </Button>
        <Button variant="quiet" onPress={() => setDialog('remove')} why={readOnly}>
          <T id="users.remove" />
        </Button>
        {(linkedIds?.length ?? 0) > 0 && (
          <Chip tone="quiet">
            <T id="users.linked-count" values={{ count: linkedIds?.length ?? 0 }} />
          </Chip>
        )}
      </div>
      <Tabs
        label={text('users.card')}
        tabs={[
          { id: 'now', text: text('users.tab-now'), content: () => <UserNow card={card} /> },
          { id: 'why', text: text('users.tab-why'), content: () => <UserWhy user={card.user} /> },
          { id: 'history', text: text('users.tab-history'), content: () => <UserHistory user={card.user} /> },
        ]}
        value={tab}
        onChange={(id) => change({ tab: id === 'now' ? undefined : id }, { replace: true })}
      />
      {dialog === 'edit' && <EditCardDialog card={card} onClose={close} />}
      {dialog === 'remove' && <RemoveDialog card={card} onClose={close} onRemoved={onRemoved} />}
    </>
  );
}
