import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, intent, newIntent, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import { useIntent } from '../api/use-intent.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { TextField } from '../ui/text-field.tsx';
import { sayDone } from '../ui/toast.tsx';

/** Links another id of the same person, after it was shown what would move to this card. */
export function LinkIdDialog({ user, onClose }: { readonly user: string; readonly onClose: () => void }) {
  const text = useText();
  const queries = useQueryClient();
  const { tenant } = usePlace();
  const withIntent = useIntent();
  const [typed, setTyped] = useState('');
  const linkedId = typed.trim();
  const ask = (preview: boolean, header: ReturnType<typeof intent>) =>
    read(
      api.POST('/tenants/{tenant}/user-cards/{user}/linked-ids', {
        params: { path: { tenant, user }, header },
        body: { linkedId, preview },
      }),
    );
  const preview = useMutation({ mutationFn: () => ask(true, intent(newIntent())) });
  const link = useMutation({
    mutationFn: () => withIntent((header) => ask(false, header), linkedId),
    onSuccess: () => {
      sayDone(<T id="users.linked-done" values={{ linkedId, user }} />);
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: tenantKey(tenant) }),
  });
  const seen = preview.data?.linkedId === linkedId ? preview.data : undefined;
  const error = link.error ?? preview.error;
  const why = linkedId === '' ? text('users.link-missing') : undefined;
  return (
    <Dialog
      title={<T id="users.link-title" values={{ user }} />}
      onClose={onClose}
      actions={
        seen === undefined ? (
          <Button variant="primary" onPress={() => preview.mutate()} isPending={preview.isPending} why={why}>
            <T id="users.preview" />
          </Button>
        ) : (
          <Button variant="primary" onPress={() => link.mutate()} isPending={link.isPending}>
            <T id="users.link-do" />
          </Button>
        )
      }
    >
      <p>
        <T id="users.link-hint" values={{ user }} />
      </p>
      <TextField label={text('users.link-id')} value={typed} onChange={setTyped} autoFocus />
      {seen !== undefined && (
        <ul className="bullets" aria-live="polite">
          <li>
            <T id="users.link-licenses" values={{ count: seen.licenses.length }} />
          </li>
          <li>
            <T id="users.link-released" values={{ count: seen.released.length }} />
          </li>
          <li>
            <T id="users.link-sessions" values={{ count: seen.sessions }} />
          </li>
          {seen.card !== undefined && (
            <li>
              <T id="users.link-card" values={{ linkedId }} />
            </li>
          )}
        </ul>
      )}
      {error !== null && (
        <Notice kind="danger">
          <ProblemText problem={Problem.from(error)} />
        </Notice>
      )}
    </Dialog>
  );
}
