import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, newIntent, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import type { UserCard } from '../api/types.ts';
import { noteActivity } from '../shell/activity.ts';
import { usePlace } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { T } from '../texts/text.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { SerialLink } from '../ui/names.tsx';
import { Notice } from '../ui/notice.tsx';
import { sayDone } from '../ui/toast.tsx';

type RemoveDialogProps = {
  readonly card: UserCard;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
};

/** Removes a user after the id was typed, and says before what ends and what becomes free. */
export function RemoveDialog({ card, onClose, onRemoved }: RemoveDialogProps) {
  const queries = useQueryClient();
  const { caller, tenant } = usePlace();
  const { user, version, sessions, assignedLicenses } = card;
  const remove = useMutation({
    mutationFn: () =>
      read(
        api.DELETE('/tenants/{tenant}/user-cards/{user}', {
          params: { path: { tenant, user }, header: ifMatch(version) },
        }),
      ),
    onSuccess: async ({ ended, released }) => {
      const title = <T id="users.removed" values={{ user, ended, released: released.length }} />;
      noteActivity({ id: newIntent(), at: serviceNow(caller), title, state: 'done', ledger: [{ name: user }] });
      sayDone(title);
      onRemoved();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: tenantKey(tenant) }),
  });
  return (
    <ConfirmDialog
      title={<T id="users.remove-ask" values={{ user: card.name ?? user }} />}
      typed={user}
      isDanger
      action={<T id="users.remove-do" />}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <ul className="bullets">
        <li>
          <T id="users.remove-sessions" values={{ count: sessions.length }} />
        </li>
        <li>
          <T id="users.remove-licenses" values={{ count: assignedLicenses.length }} />{' '}
          {assignedLicenses.map(({ serialNumber }) => (
            <span key={serialNumber}>
              <SerialLink serial={serialNumber} />{' '}
            </span>
          ))}
        </li>
        <li>
          <T id="users.remove-history" />
        </li>
      </ul>
      {remove.isError && (
        <Notice kind="danger">
          <ProblemText problem={Problem.ofChange(remove.error)} />
        </Notice>
      )}
    </ConfirmDialog>
  );
}
