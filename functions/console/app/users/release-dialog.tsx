import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newIntent } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import type { License } from '../api/types.ts';
import { useIntent } from '../api/use-intent.ts';
import { makeChange, previewChange, toLedgerLine, undoChange } from '../licenses/change.ts';
import { noteActivity } from '../shell/activity.ts';
import { usePlace } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { Outcomes } from '../ui/outcomes.tsx';
import { sayDone } from '../ui/toast.tsx';

type ReleaseDialogProps = {
  readonly licenses: readonly License[];
  readonly onClose: () => void;
  readonly onDone: () => void;
};

const RELEASE = { action: 'release' } as const;

/** Releases licenses of users who are not there: it shows at once what would become of each. */
export function ReleaseDialog({ licenses, onClose, onDone }: ReleaseDialogProps) {
  const text = useText();
  const queries = useQueryClient();
  const { caller, tenant } = usePlace();
  const [id] = useState(newIntent);
  const withIntent = useIntent();
  const [target] = useState(() => ({
    licenses: licenses.map(({ serialNumber, version }) => ({ serialNumber, expectedVersion: version })),
  }));
  const preview = useQuery({
    queryKey: ['release-preview', id],
    queryFn: () => previewChange(tenant, RELEASE, target),
    gcTime: 0,
  });
  const release = useMutation({
    mutationFn: () =>
      withIntent(({ 'Idempotency-Key': key }) => makeChange(tenant, { change: RELEASE, target, key }, () => undefined)),
    onSuccess: async (results) => {
      const title = <T id="users.released" values={{ count: results.filter(({ done }) => done).length }} />;
      noteActivity({
        id,
        at: serviceNow(caller),
        title,
        state: 'done',
        ledger: results.map(toLedgerLine),
        undo: () => undoChange(tenant, results, id),
      });
      sayDone(title);
      onClose();
      onDone();
      await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
    },
  });
  const error = release.error ?? preview.error;
  const done = preview.data?.done ?? 0;
  return (
    <Dialog
      title={<T id="users.release-title" values={{ count: licenses.length }} />}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>
            <T id="ui.cancel" />
          </Button>
          <Button
            variant="primary"
            onPress={() => release.mutate()}
            isPending={release.isPending}
            why={done === 0 ? text('users.nothing-to-do') : undefined}
          >
            <T id="users.release-count" values={{ count: done }} />
          </Button>
        </>
      }
    >
      <p>
        <T id="users.release-hint" />
      </p>
      {preview.isPending && <Loading />}
      {preview.data !== undefined && <Outcomes lines={preview.data.results.map(toLedgerLine)} />}
      {error !== null && (
        <Notice kind="danger">
          <ProblemText problem={Problem.from(error)} />
        </Notice>
      )}
    </Dialog>
  );
}
