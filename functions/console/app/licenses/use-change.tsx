import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from '../api/problem.ts';
import { tenantKey } from '../api/queries.ts';
import { noteActivity } from '../shell/activity.ts';
import { usePlace } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { T } from '../texts/text.tsx';
import { FolderName } from '../ui/names.tsx';
import { type Change, canUndo, makeChange, type Result, type Target, toLedgerLine, undoChange } from './change.ts';

export type Intent = { readonly change: Change; readonly target: Target; readonly key: string };

/** Returns a function that makes a change and notes it in the activity drawer, with what undoes it. */
export function useMakeChange() {
  const { tenant, caller } = usePlace();
  const queries = useQueryClient();
  return async (wanted: Intent, onProgress: (count: number) => void = () => undefined): Promise<readonly Result[]> => {
    const activity = { id: wanted.key, at: serviceNow(caller), ledger: [] };
    const title = (results: readonly Result[]) => <ChangeTitle change={wanted.change} results={results} />;
    try {
      const results = await makeChange(tenant, wanted, (count) => {
        onProgress(count);
        noteActivity({ ...activity, title: title([]), state: 'running' });
      });
      noteActivity({
        ...activity,
        title: title(results),
        state: results.some(({ done }) => done) ? 'done' : 'failed',
        ledger: results.map(toLedgerLine),
        undo: canUndo(results) ? () => undoChange(tenant, results, wanted.key) : undefined,
      });
      return results;
    } catch (error) {
      const { code, members, isOpen } = Problem.ofChange(error);
      const name = 'licenses' in wanted.target ? (wanted.target.licenses[0]?.serialNumber ?? '') : '';
      const state = isOpen ? 'unknown' : 'failed';
      noteActivity({ ...activity, title: title([]), state, ledger: [{ name, refusal: { code, members } }] });
      throw error;
    } finally {
      await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
    }
  };
}

type ChangeTitleProps = { readonly change: Change; readonly results: readonly Result[] };

/** Who gets the licenses, or the folder that they go to. */
export function TargetName({ change }: { readonly change: Change }): ReactNode {
  if (change.action === 'move') return <FolderName path={change.folder} />;
  return change.action === 'assign' && change.user;
}

/** What was done, in one sentence. */
export function ChangeTitle({ change, results }: ChangeTitleProps): ReactNode {
  const done = results.filter((result) => result.done);
  const target = <TargetName change={change} />;
  const name = done.length === 1 ? done[0]?.serialNumber : undefined;
  return name === undefined ? (
    <T id={`licenses.did-${change.action}`} values={{ count: done.length, target }} />
  ) : (
    <T id={`licenses.did-${change.action}-one`} values={{ name, target }} />
  );
}
