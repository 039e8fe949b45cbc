import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, newIntent, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey, useLicenses } from '../api/queries.ts';
import type { License, UserCard } from '../api/types.ts';
import { useIntent } from '../api/use-intent.ts';
import { canUndo, toLedgerLine, undoChange } from '../licenses/change.ts';
import { noteActivity } from '../shell/activity.ts';
import { usePlace } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { ComboBox } from '../ui/combo-box.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useClassText } from '../ui/names.tsx';
import { Notice } from '../ui/notice.tsx';
import { sayDone } from '../ui/toast.tsx';

/** Assigns a free dedicated license to a user. Those of the user's own folder come first. */
export function AssignDialog({ card, onClose }: { readonly card: UserCard; readonly onClose: () => void }) {
  const text = useText();
  const classText = useClassText();
  const queries = useQueryClient();
  const { caller, tenant } = usePlace();
  const [id] = useState(newIntent);
  const withIntent = useIntent();
  // As it was when it was chosen. The list is refreshed meanwhile.
  const [chosen, setChosen] = useState<License>();
  const free = useLicenses(tenant, { type: 'dedicated', state: 'free' });
  const { user, folder } = card;
  const isElsewhere = (license: License) => Number(license.folder !== folder);
  const licenses = (free.data?.pages.flatMap((page) => page.licenses) ?? []).toSorted(
    (one, other) => isElsewhere(one) - isElsewhere(other),
  );
  const isListed = licenses.some(({ serialNumber }) => serialNumber === chosen?.serialNumber);
  const offered = chosen === undefined || isListed ? licenses : [chosen, ...licenses];
  const assign = useMutation({
    mutationFn: async ({ serialNumber, version }: License) => {
      const body = { licenses: [{ serialNumber, expectedVersion: version }] };
      const { results } = await withIntent(
        (header) =>
          read(
            api.POST('/tenants/{tenant}/user-cards/{user}/licenses', {
              params: { path: { tenant, user }, header },
              body,
            }),
          ),
        body,
      );
      const [result] = results;
      if (result?.done === false) throw new Problem(result.error.code, 409, result.error);
      return results;
    },
    onSuccess: async (results, { serialNumber }) => {
      const title = <T id="users.assigned-done" values={{ serial: serialNumber, user: card.name ?? user }} />;
      noteActivity({
        id,
        at: serviceNow(caller),
        title,
        state: 'done',
        ledger: results.map(toLedgerLine),
        undo: canUndo(results) ? () => undoChange(tenant, results, id) : undefined,
      });
      sayDone(title);
      onClose();
      await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
    },
  });
  const error = assign.error ?? free.error;
  return (
    <Dialog
      title={<T id="users.assign-title" values={{ user: card.name ?? user }} />}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>
            <T id="ui.cancel" />
          </Button>
          <Button
            variant="primary"
            isPending={assign.isPending}
            why={chosen === undefined ? text('users.assign-missing') : undefined}
            onPress={() => chosen !== undefined && assign.mutate(chosen)}
          >
            <T id="users.assign-do" />
          </Button>
        </>
      }
    >
      <ComboBox
        key={offered.length}
        label={text('users.assign-which')}
        choices={offered.map((license) => ({
          id: license.serialNumber,
          text: [license.serialNumber, classText(license), license.folder || text('words.root')].join(' · '),
          isName: true,
        }))}
        value={chosen?.serialNumber ?? null}
        onChange={(serial) => setChosen(offered.find(({ serialNumber }) => serialNumber === serial))}
        empty={<T id={free.isPending ? 'ui.loading' : 'users.assign-none'} />}
      />
      {error !== null && (
        <Notice kind="danger">
          <ProblemText problem={Problem.from(error)} />
        </Notice>
      )}
    </Dialog>
  );
}
