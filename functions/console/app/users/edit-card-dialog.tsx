import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newIntent } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import { saveOnce } from '../api/save-once.ts';
import type { UserCard } from '../api/types.ts';
import { noteActivity } from '../shell/activity.ts';
import { usePlace } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FolderSelect } from '../ui/folder-select.tsx';
import { Notice } from '../ui/notice.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { sayDone } from '../ui/toast.tsx';
import { ACCESS, type CardFacts, changedFacts, factsOf, LEVELS, NEW_CARD } from './card-facts.ts';
import { saveCard } from './save-card.ts';
import { StaleCard } from './stale-card.tsx';
import { readUserCard } from './user-queries.ts';

type EditCardDialogProps = {
  /** The card as it was read. Absent for a new one. */
  readonly card?: UserCard;
  readonly newUser?: string;
  readonly onClose: () => void;
  readonly onSaved?: (user: string) => void;
};

/** Makes or changes a card. When somebody else was faster, both sides stand beside each other. */
export function EditCardDialog({ card, newUser = '', onClose, onSaved }: EditCardDialogProps) {
  const text = useText();
  const queries = useQueryClient();
  const { caller, tenant } = usePlace();
  // What was read when the dialog opened. The list behind it may be refreshed meanwhile.
  const [read] = useState(card);
  const [typedUser, setTypedUser] = useState(newUser);
  const [facts, setFacts] = useState(() => factsOf(read ?? NEW_CARD));
  const [theirs, setTheirs] = useState<UserCard>();
  const set = (some: Partial<CardFacts>) => setFacts({ ...facts, ...some });
  const user = read?.user ?? typedUser.trim();
  const changed = changedFacts(read, facts);
  const write = (version: number, some: Partial<CardFacts>, onStale?: (now: UserCard) => void) =>
    saveOnce({
      save: () => saveCard(tenant, user, version, some),
      read: () => readUserCard(tenant, user),
      isSaved: (now) => Object.keys(changedFacts(now, { ...factsOf(now), ...some })).length === 0,
      ...(onStale && { onStale }),
    });
  const save = useMutation({
    mutationFn: (base: UserCard | undefined) => write(base?.version ?? 0, changed, setTheirs),
    onSuccess: async (saved, base) => {
      const id = base === undefined ? 'users.added' : 'users.changed';
      const title = <T id={id} values={{ user: saved.name ?? user }} />;
      const activity = {
        id: newIntent(),
        at: serviceNow(caller),
        title,
        state: 'done' as const,
        ledger: [{ name: user }],
      };
      const undo = async () => {
        if (base !== undefined) await write(saved.version, changedFacts(saved, factsOf(base)));
        return [{ name: user }];
      };
      // A name can be changed, but not taken away.
      const canUndo = base !== undefined && !(base.name === undefined && saved.name !== undefined);
      noteActivity({ ...activity, undo: canUndo ? undo : undefined });
      sayDone(title);
      onClose();
      onSaved?.(user);
      await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
    },
  });
  const failure = save.isError ? Problem.ofChange(save.error) : undefined;
  const problem = failure?.code === 'stale-version' ? undefined : failure;
  const takeTheirs = async () => {
    onClose();
    await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
  };
  if (theirs !== undefined) {
    return (
      <StaleCard
        before={read}
        theirs={theirs}
        mine={{ ...factsOf(theirs), ...changed }}
        isPending={save.isPending}
        problem={problem}
        onTakeTheirs={() => void takeTheirs()}
        onDoMine={() => save.mutate(theirs)}
      />
    );
  }
  const why =
    user === ''
      ? text('users.user-missing')
      : read !== undefined && Object.keys(changed).length === 0
        ? text('users.nothing-changed')
        : undefined;
  return (
    <Dialog
      title={read === undefined ? <T id="users.add" /> : <T id="users.edit-of" values={{ user: read.name ?? user }} />}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>
            <T id="ui.cancel" />
          </Button>
          <Button variant="primary" onPress={() => save.mutate(read)} isPending={save.isPending} why={why}>
            <T id="users.save" />
          </Button>
        </>
      }
    >
      {read === undefined && (
        <TextField
          label={text('users.user-id')}
          value={typedUser}
          onChange={setTypedUser}
          hint={<T id="users.user-id-hint" />}
          autoFocus
        />
      )}
      <TextField
        label={text('users.name')}
        value={facts.name ?? ''}
        onChange={(name) => set({ name: name === '' ? undefined : name })}
        autoFocus={read !== undefined}
      />
      <FolderSelect
        forUsers
        label={text('users.folder')}
        value={facts.folder}
        onChange={(folder = '') => set({ folder })}
      />
      <Select
        label={text('users.level')}
        choices={LEVELS.map((id) => ({ id, text: text(`words.level-${id}`) }))}
        value={facts.level}
        onChange={(level) => set({ level })}
      />
      <Select
        label={text('users.access')}
        choices={ACCESS.map((id) => ({ id, text: text(`words.access-${id}`) }))}
        value={facts.access}
        onChange={(access) => set({ access })}
      />
      {problem !== undefined && (
        <Notice kind="danger">
          <ProblemText problem={problem} />
        </Notice>
      )}
    </Dialog>
  );
}
