import { present } from '../licensing/clause.ts';
import { renewalKey } from '../store/keys.ts';
import type { Table } from '../store/table.ts';
import type { Renewal } from './renewal.ts';

type Progress = Partial<Pick<Renewal, 'status' | 'cleanupAt' | 'finishedAt' | 'error'>>;

/** Notes on the renewal how far it is, for who looks at it; no step depends on it. Whether there was one to note it on. */
export async function noteProgress(
  table: Table,
  { tenant, renewalId }: Pick<Renewal, 'tenant' | 'renewalId'>,
  progress: Progress,
): Promise<boolean> {
  const { done } = await table.write([
    { update: renewalKey(tenant, renewalId), set: Object.entries(progress), onlyIf: [present('status')] },
  ]);
  return done;
}
