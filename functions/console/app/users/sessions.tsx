import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Unplug } from 'lucide-react';
import { useState } from 'react';
import { api, newIntent, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import type { Answer, UserCard } from '../api/types.ts';
import { useIntent } from '../api/use-intent.ts';
import { noteActivity } from '../shell/activity.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { serviceNow } from '../shell/service-time.ts';
import { T, useText } from '../texts/text.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Loading } from '../ui/loading.tsx';
import { Instant } from '../ui/time.tsx';
import { sayDone, sayFailed } from '../ui/toast.tsx';
import { PROVIDER_NAMES } from './provider-names.ts';
import { useSessions } from './user-queries.ts';

type Session = Answer<'/tenants/{tenant}/sessions'>['sessions'][number];

/** The open sessions of a user, each with the application and the provider that were seen last. */
export function Sessions({ card }: { readonly card: UserCard }) {
  const readOnly = useReadOnlyReason();
  const [isAsking, setAsking] = useState(false);
  const { tenant } = usePlace();
  const { user } = card;
  const { data: sessions, isPending, error, refetch } = useSessions(tenant, user);
  const disconnect = useDisconnect(user);
  if (isPending) return <Loading />;
  if (error !== null) return <PageFaultView error={error} onRetry={() => void refetch()} />;
  return (
    <section className="panel-part">
      <div className="panel-part-head">
        <h3>
          <T id="users.sessions" values={{ count: sessions.length }} />
        </h3>
        {sessions.length > 1 && (
          <Button variant="quiet" icon={Unplug} onPress={() => setAsking(true)} why={readOnly}>
            <T id="users.disconnect-all" />
          </Button>
        )}
      </div>
      {sessions.length === 0 ? (
        <p className="muted">
          <T id="users.no-sessions" />
        </p>
      ) : (
        <ul className="lines">
          {sessions.map((session) => (
            <SessionLine
              key={session.session}
              session={session}
              why={readOnly}
              isPending={disconnect.isPending}
              onDisconnect={() => disconnect.mutate({ session: session.session })}
            />
          ))}
        </ul>
      )}
      {isAsking && (
        <Dialog
          isAlert
          title={<T id="users.disconnect-all-ask" values={{ user: card.name ?? user }} />}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onPress={() => setAsking(false)}>
                <T id="ui.cancel" />
              </Button>
              <Button
                variant="danger"
                onPress={() => {
                  setAsking(false);
                  disconnect.mutate({});
                }}
              >
                <T id="users.disconnect-count" values={{ count: sessions.length }} />
              </Button>
            </>
          }
        >
          <p>
            <T id="users.disconnect-hint" />
          </p>
        </Dialog>
      )}
    </section>
  );
}

type SessionLineProps = {
  readonly session: Session;
  readonly why: string | undefined;
  readonly isPending: boolean;
  readonly onDisconnect: () => void;
};

function SessionLine({ session, why, isPending, onDisconnect }: SessionLineProps) {
  const text = useText();
  const { application, provider, started, lastSeen } = session;
  return (
    <li className="line">
      <span className="line-main">
        {application === undefined ? <T id="users.no-application" /> : <bdi translate="no">{application}</bdi>}
        {provider !== undefined && (
          <span className="muted" translate="no">
            {' '}
            · {PROVIDER_NAMES[provider]}
          </span>
        )}
        <span className="line-note muted">
          <T id="users.session-times" values={{ started: <Instant at={started} />, seen: <Instant at={lastSeen} /> }} />
        </span>
      </span>
      <IconButton
        icon={Unplug}
        label={text('users.disconnect-one', { application: application ?? session.session ?? '' })}
        why={why}
        isPending={isPending}
        onPress={onDisconnect}
      />
    </li>
  );
}

/** Ends a session, or all. It cannot be undone: the user logs in again. */
function useDisconnect(user: string) {
  const queries = useQueryClient();
  const { caller, tenant } = usePlace();
  const withIntent = useIntent();
  return useMutation({
    mutationFn: (body: { session?: string | null }) =>
      withIntent(
        (header) =>
          read(
            api.POST('/tenants/{tenant}/user-cards/{user}/disconnect', {
              params: { path: { tenant, user }, header },
              body,
            }),
          ),
        body,
      ),
    onSuccess: ({ ended }) => {
      const title = <T id="users.disconnected" values={{ count: ended, user }} />;
      noteActivity({ id: newIntent(), at: serviceNow(caller), title, state: 'done', ledger: [{ name: user }] });
      sayDone(title);
    },
    onError: (error) => sayFailed(<ProblemText problem={Problem.from(error)} />),
    onSettled: () => queries.invalidateQueries({ queryKey: tenantKey(tenant) }),
  });
}
