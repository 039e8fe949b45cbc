import { useState } from 'react';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import type { Folder, License } from '../api/types.ts';
import { useIntent } from '../api/use-intent.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { ComboBox } from '../ui/combo-box.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { sayDone } from '../ui/toast.tsx';
import type { ActionName } from './actions.ts';
import { type Change, type Preview, previewChange, type Result, type Target } from './change.ts';
import { ROOT } from './filters.ts';
import { folderChoices } from './folder-choices.ts';
import { Ledger, Verdicts } from './ledger.tsx';
import { StaleVersion } from './stale-version.tsx';
import { ChangeTitle, TargetName, useMakeChange } from './use-change.tsx';
import { UserPicker } from './user-picker.tsx';

export type Asked = {
  readonly action: ActionName;
  readonly target: Target;
  /** The one license that is meant, as it was seen. Absent for several. */
  readonly license?: License | undefined;
};

type ChangeDialogProps = Asked & {
  readonly folders: readonly Folder[];
  readonly onClose: () => void;
};

type Step =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'previewed'; readonly preview: Preview }
  | { readonly kind: 'done'; readonly results: readonly Result[] }
  | { readonly kind: 'stale' };

/**
 * A change of licenses. Several are previewed before anything happens, and afterwards the ledger names every license that
 * was refused. One license is changed at once, and a refusal shows here.
 */
export function ChangeDialog({ action, target, license, folders, onClose }: ChangeDialogProps) {
  const text = useText();
  const { tenant } = usePlace();
  const makeChange = useMakeChange();
  const [step, setStep] = useState<Step>({ kind: 'choosing' });
  const [user, setUser] = useState<string>();
  const [folder, setFolder] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem>();
  const [progress, setProgress] = useState<number>();
  const withIntent = useIntent();
  const change = changeOf(action, { user, folder });

  const attempt = async (run: () => Promise<void>) => {
    setProblem(undefined);
    setProgress(0);
    try {
      await run();
    } catch (error) {
      setProblem(Problem.from(error));
    } finally {
      setProgress(undefined);
    }
  };
  const preview = () =>
    attempt(async () => {
      if (change !== undefined) setStep({ kind: 'previewed', preview: await previewChange(tenant, change, target) });
    });
  const make = (wanted: Target) =>
    attempt(async () => {
      if (change === undefined) return;
      const results = await withIntent(
        ({ 'Idempotency-Key': key }) => makeChange({ change, target: wanted, key }, setProgress),
        [change, wanted],
      );
      const refusals = results.flatMap((result) => (result.done ? [] : [result.error]));
      const [refusal] = refusals;
      if (refusal === undefined) {
        sayDone(<ChangeTitle change={change} results={results} />);
        onClose();
      } else if (license === undefined) setStep({ kind: 'done', results });
      else if (refusal.code === 'stale-version') setStep({ kind: 'stale' });
      else setProblem(new Problem(refusal.code, 409, refusal));
    });

  const isBusy = progress !== undefined;
  const isOne = license !== undefined;
  const title = text(`licenses.do-${action}`);
  if (step.kind === 'stale' && license !== undefined) {
    return (
      <StaleVersion
        before={license}
        title={title}
        isDone={(now) => change !== undefined && isDone(change, now)}
        onClose={onClose}
        onGoOn={(version) => {
          setStep({ kind: 'choosing' });
          void make({ licenses: [{ serialNumber: license.serialNumber, expectedVersion: version }] });
        }}
      />
    );
  }
  const mayGoOn = change !== undefined && !isBusy;
  return (
    <Dialog
      title={
        license !== undefined ? (
          <T id="licenses.do-with" values={{ action: title, name: license.serialNumber }} />
        ) : step.kind === 'previewed' && (change?.action === 'assign' || change?.action === 'move') ? (
          <T id="licenses.do-to" values={{ action: title, target: <TargetName change={change} /> }} />
        ) : (
          title
        )
      }
      size={step.kind === 'choosing' ? 'small' : 'wide'}
      onClose={onClose}
      actions={
        step.kind === 'done' ? (
          <Button variant="primary" onPress={onClose}>
            <T id="ui.close" />
          </Button>
        ) : (
          <>
            <Button onPress={onClose}>
              <T id="ui.cancel" />
            </Button>
            {isOne || step.kind === 'previewed' ? (
              <Button
                variant={action === 'delete' ? 'danger' : 'primary'}
                isPending={isBusy}
                {...(mayGoOn ? { onPress: () => void make(target) } : { why: text('licenses.choose-first') })}
              >
                {isBusy && progress > 0 ? (
                  <T id="licenses.progress" values={{ count: progress }} />
                ) : step.kind === 'previewed' ? (
                  <T id={`licenses.go-${action}`} values={{ count: step.preview.done }} />
                ) : (
                  title
                )}
              </Button>
            ) : (
              <Button
                variant="primary"
                isPending={isBusy}
                {...(mayGoOn ? { onPress: () => void preview() } : { why: text('licenses.choose-first') })}
              >
                <T id="licenses.preview" />
              </Button>
            )}
          </>
        )
      }
    >
      {step.kind === 'choosing' && action === 'assign' && <UserPicker onChange={setUser} />}
      {step.kind === 'choosing' && action === 'move' && (
        <ComboBox
          label={text('licenses.to-folder')}
          choices={folderChoices(folders, text('licenses.root'))}
          value={folder}
          onChange={setFolder}
          empty={<T id="licenses.no-such-folder" />}
          autoFocus
        />
      )}
      {step.kind === 'choosing' && (
        <p className="muted">
          <T id={`licenses.about-${action}`} />
        </p>
      )}
      {step.kind === 'previewed' && <Verdicts preview={step.preview} />}
      {step.kind === 'done' && <Ledger results={step.results} />}
      {problem !== undefined && (
        <Notice kind="danger">
          <ProblemText problem={problem} />
        </Notice>
      )}
    </Dialog>
  );
}

type Chosen = { readonly user: string | undefined; readonly folder: string | null };

function changeOf(action: ActionName, { user, folder }: Chosen): Change | undefined {
  switch (action) {
    case 'assign':
      return user === undefined ? undefined : { action, user };
    case 'move':
      return folder === null ? undefined : { action, folder: folder === ROOT ? '' : folder };
    case 'release':
    case 'delete':
    case 'restore':
      return { action };
  }
}

/** Whether a license is as a change would leave it. A lost answer leaves it so, too. */
function isDone(change: Change, { folder, assignedTo, currentUser, state }: License): boolean {
  switch (change.action) {
    case 'assign':
      return assignedTo === change.user;
    case 'move':
      return folder === change.folder;
    case 'release':
      return assignedTo === undefined && currentUser === undefined;
    case 'delete':
      return state === 'deleted';
    case 'restore':
      return state !== 'deleted';
  }
}
