import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Problem } from '../api/problem.ts';
import { tenantKey } from '../api/queries.ts';
import { saveOnce } from '../api/save-once.ts';
import { usePlace } from '../shell/me.ts';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { sayDone } from '../ui/toast.tsx';
import { Faults } from './faults.tsx';
import { type Sides, StaleSides } from './stale-sides.tsx';

type Versioned = { readonly version: number };

type VersionedDialogProps<Of> = {
  readonly title: ReactNode;
  /** What is edited, as it was when the dialog opened. */
  readonly base: Of;
  readonly read: () => Promise<Of>;
  /** Saves what the person wants in place of `before`. It is refused when that is no longer the present version. */
  readonly save: (before: Of) => Promise<Versioned>;
  /** Notes the version that stands in place of `before` now. */
  readonly onSaved?: (saved: Versioned, before: Of) => void;
  readonly sides: (theirs: Of) => readonly Sides[];
  /** Why nothing can be saved now. */
  readonly why?: string | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** Saves on the version that was read. When somebody was faster, it shows both sides. */
export function VersionedDialog<Of extends Versioned | undefined | null>(props: VersionedDialogProps<Of>) {
  const { title, base, read, save, onSaved, sides, why, onClose, children } = props;
  const { tenant } = usePlace();
  const queries = useQueryClient();
  const [stale, setStale] = useState<{ readonly theirs: Of }>();
  const refresh = () => queries.invalidateQueries({ queryKey: tenantKey(tenant) });
  const saving = useMutation({
    mutationFn: (before: Of) =>
      saveOnce({
        save: () => save(before),
        read,
        isSaved: (now) => sides(now).every(({ mine, theirs }) => mine === theirs),
        onStale: (theirs) => setStale({ theirs }),
      }),
    onSuccess: async (saved, before) => {
      onSaved?.(saved, before);
      sayDone(<T id="settings.saved" />);
      await refresh();
      onClose();
    },
  });
  const close = () => {
    onClose();
    if (stale !== undefined) void refresh();
  };
  const problem = saving.isError ? Problem.ofChange(saving.error) : undefined;
  return (
    <Dialog
      title={title}
      size={stale === undefined ? 'small' : 'wide'}
      onClose={close}
      actions={
        <>
          <Button onPress={close}>
            <T id={stale === undefined ? 'settings.cancel' : 'settings.keep-theirs'} />
          </Button>
          <Button
            variant="primary"
            why={why}
            isPending={saving.isPending}
            onPress={() => saving.mutate(stale === undefined ? base : stale.theirs)}
          >
            <T id={stale === undefined ? 'settings.save' : 'settings.save-mine'} />
          </Button>
        </>
      }
    >
      {stale === undefined ? children : <StaleSides settings={sides(stale.theirs)} />}
      {problem !== undefined && problem.code !== 'stale-version' && <Faults problem={problem} />}
    </Dialog>
  );
}
