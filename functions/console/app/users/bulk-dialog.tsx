import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newIntent } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import type { UserCardRow } from '../api/types.ts';
import { useIntent } from '../api/use-intent.ts';
import { noteActivity } from '../shell/activity.ts';
import { usePlace } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FolderSelect } from '../ui/folder-select.tsx';
import { Notice } from '../ui/notice.tsx';
import { Outcomes } from '../ui/outcomes.tsx';
import { Select } from '../ui/select.tsx';
import { sayDone } from '../ui/toast.tsx';
import { ACCESS, LEVELS } from './card-facts.ts';
import { type CardChange, changeCards, toLedgerLine, undoCardChange } from './change-cards.ts';

type BulkDialogProps = {
  readonly cards: readonly UserCardRow[];
  readonly onClose: () => void;
  readonly onDone: () => void;
};

const KEEP = 'keep';

/** Moves many users, or gives them a level or an access: first a preview for each, then the change, which can be undone. */
export function BulkDialog({ cards: selected, onClose, onDone }: BulkDialogProps) {
  const text = useText();
  const queries = useQueryClient();
  const { caller, tenant } = usePlace();
  const [id] = useState(newIntent);
  const withIntent = useIntent();
  const [change, setChange] = useState<CardChange>({});
  // As they were when the dialog opened. The list behind it is refreshed meanwhile.
  const [cards] = useState(selected);
  const to = cards.map(({ user, version }) => ({ user, expectedVersion: version }));
  const preview = useMutation({ mutationFn: () => changeCards(tenant, { change, to, key: id, preview: true }) });
  const apply = useMutation({
    mutationFn: () =>
      withIntent(({ 'Idempotency-Key': key }) => changeCards(tenant, { change, to, key, preview: false }), change),
    onSuccess: async (results) => {
      const done = results.filter((result) => result.done).length;
      const title = <T id="users.bulk-done" values={{ count: done }} />;
      noteActivity({
        id,
        at: serviceNow(caller),
        title,
        state: 'done',
        ledger: results.map(toLedgerLine),
        undo: done === 0 ? undefined : () => undoCardChange(tenant, change, cards, results, id),
      });
      sayDone(title);
      onClose();
      onDone();
      await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
    },
  });
  const set = (next: CardChange) => {
    preview.reset();
    setChange(next);
  };
  const { folder: _, ...withoutFolder } = change;
  const { level: _l, ...withoutLevel } = change;
  const { access: _a, ...withoutAccess } = change;
  const keep = { id: KEEP, text: text('users.keep') } as const;
  const isEmpty = Object.keys(change).length === 0;
  const error = apply.error ?? preview.error;
  const done = preview.data?.filter((result) => result.done).length ?? 0;
  return (
    <Dialog
      title={<T id="users.bulk-title" values={{ count: cards.length }} />}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>
            <T id="ui.cancel" />
          </Button>
          {preview.data === undefined ? (
            <Button
              variant="primary"
              onPress={() => preview.mutate()}
              isPending={preview.isPending}
              why={isEmpty ? text('users.nothing-chosen') : undefined}
            >
              <T id="users.preview" />
            </Button>
          ) : (
            <Button
              variant="primary"
              onPress={() => apply.mutate()}
              isPending={apply.isPending}
              why={done === 0 ? text('users.nothing-to-do') : undefined}
            >
              <T id="users.bulk-do" values={{ count: done }} />
            </Button>
          )}
        </>
      }
    >
      <FolderSelect
        forUsers
        label={text('users.folder')}
        anyText={keep.text}
        value={change.folder}
        onChange={(folder) => set(folder === undefined ? withoutFolder : { ...change, folder })}
      />
      <Select
        label={text('users.level')}
        choices={[keep, ...LEVELS.map((id) => ({ id, text: text(`words.level-${id}`) }))]}
        value={change.level ?? KEEP}
        onChange={(level) => set(level === KEEP ? withoutLevel : { ...change, level })}
      />
      <Select
        label={text('users.access')}
        choices={[keep, ...ACCESS.map((id) => ({ id, text: text(`words.access-${id}`) }))]}
        value={change.access ?? KEEP}
        onChange={(access) => set(access === KEEP ? withoutAccess : { ...change, access })}
      />
      {preview.data !== undefined && <Outcomes lines={preview.data.map(toLedgerLine)} />}
      {error !== null && (
        <Notice kind="danger">
          <ProblemText problem={Problem.from(error)} />
        </Notice>
      )}
    </Dialog>
  );
}
