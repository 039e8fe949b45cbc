import { useMutation, useQueryClient } from '@tanstack/react-query';
import { UserPlus, UserX } from 'lucide-react';
import { useState } from 'react';
import { api, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import { useIntent } from '../api/use-intent.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Empty } from '../ui/empty.tsx';
import { Notice } from '../ui/notice.tsx';
import { sayDone } from '../ui/toast.tsx';
import { EditCardDialog } from './edit-card-dialog.tsx';
import { UserHistory } from './user-history.tsx';

/** Stands for a user without a card: somebody new, or somebody who was removed and still stands in the history. */
export function AbsentUser({ user }: { readonly user: string }) {
  const readOnly = useReadOnlyReason();
  const [dialog, setDialog] = useState<'add' | 'erase'>();
  return (
    <>
      <Empty icon={UserX} title={<T id="users.absent" values={{ user }} />}>
        <p>
          <T id="users.absent-hint" />
        </p>
        <div className="users-buttons">
          <Button icon={UserPlus} variant="primary" onPress={() => setDialog('add')} why={readOnly}>
            <T id="users.add" />
          </Button>
          <Button onPress={() => setDialog('erase')} why={readOnly}>
            <T id="users.erase" />
          </Button>
        </div>
      </Empty>
      <UserHistory user={user} />
      {dialog === 'add' && <EditCardDialog newUser={user} onClose={() => setDialog(undefined)} />}
      {dialog === 'erase' && <EraseDialog user={user} onClose={() => setDialog(undefined)} />}
    </>
  );
}

function EraseDialog({ user, onClose }: { readonly user: string; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const { tenant } = usePlace();
  const withIntent = useIntent();
  const erase = useMutation({
    mutationFn: () =>
      withIntent((header) =>
        read(
          api.POST('/tenants/{tenant}/user-cards/{user}/erase', {
            params: { path: { tenant, user }, header },
            body: {},
          }),
        ),
      ),
    onSuccess: ({ pseudonym, entries }) => {
      sayDone(<T id="users.erased" values={{ pseudonym, count: entries }} />);
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: tenantKey(tenant) }),
  });
  return (
    <ConfirmDialog
      title={<T id="users.erase-ask" values={{ user }} />}
      typed={user}
      isDanger
      action={<T id="users.erase-do" />}
      isPending={erase.isPending}
      onConfirm={() => erase.mutate()}
      onClose={onClose}
    >
      <p>
        <T id="users.erase-hint" />
      </p>
      {erase.isError && (
        <Notice kind="danger">
          <ProblemText problem={Problem.from(erase.error)} />
        </Notice>
      )}
    </ConfirmDialog>
  );
}
