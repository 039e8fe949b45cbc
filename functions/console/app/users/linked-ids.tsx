import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link2, Unlink } from 'lucide-react';
import { useState } from 'react';
import { api, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import type { UserCard } from '../api/types.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { sayDone, sayFailed } from '../ui/toast.tsx';
import { LinkIdDialog } from './link-id-dialog.tsx';

/** Other ids of the same person, whose logins use this card. */
export function LinkedIds({ card }: { readonly card: UserCard }) {
  const text = useText();
  const queries = useQueryClient();
  const { tenant } = usePlace();
  const readOnly = useReadOnlyReason();
  const [isLinking, setLinking] = useState(false);
  const { user, linkedIds = [] } = card;
  const unlink = useMutation({
    mutationFn: (linkedId: string) =>
      read(
        api.DELETE('/tenants/{tenant}/user-cards/{user}/linked-ids/{linkedId}', {
          params: { path: { tenant, user, linkedId } },
        }),
      ),
    onSuccess: ({ linkedId, licenses }) =>
      sayDone(<T id="users.unlinked" values={{ linkedId, count: licenses.length }} />),
    onError: (error) => sayFailed(<ProblemText problem={Problem.from(error)} />),
    onSettled: () => queries.invalidateQueries({ queryKey: tenantKey(tenant) }),
  });
  return (
    <section className="panel-part">
      <div className="panel-part-head">
        <h3>
          <T id="users.linked" />
        </h3>
        <Button variant="quiet" icon={Link2} onPress={() => setLinking(true)} why={readOnly}>
          <T id="users.link" />
        </Button>
      </div>
      {linkedIds.length === 0 ? (
        <p className="muted">
          <T id="users.no-linked" />
        </p>
      ) : (
        <ul className="lines">
          {linkedIds.map((linkedId) => (
            <li key={linkedId} className="line">
              <bdi translate="no" className="line-main">
                {linkedId}
              </bdi>
              <IconButton
                icon={Unlink}
                label={text('users.unlink', { linkedId })}
                why={readOnly}
                isPending={unlink.isPending}
                onPress={() => unlink.mutate(linkedId)}
              />
            </li>
          ))}
        </ul>
      )}
      {isLinking && <LinkIdDialog user={user} onClose={() => setLinking(false)} />}
    </section>
  );
}
