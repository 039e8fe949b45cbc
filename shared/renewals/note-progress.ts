import { any, type Clause, equal } from '../licensing/clause.ts';
import type { RenewalStatus } from '../licensing/vocabulary.ts';
import type { Table, Write } from '../platform/ports/table.ts';
import { renewalKey } from '../store/keys.ts';
import type { Renewal } from './renewal.ts';

type Progress = Partial<
  Pick<
    Renewal,
    | 'status'
    | 'approved'
    | 'startedAt'
    | 'execution'
    | 'executions'
    | 'importId'
    | 'cleanupAt'
    | 'finishedAt'
    | 'undo'
    | 'undoneAt'
    | 'shortfallOverAt'
    | 'error'
  >
>;

/**
 * Stores the progress of a renewal. Returns false when its status is not one of `whileIn`, or a further clause does not
 * hold. So a late step cannot overwrite an undo.
 */
export async function noteProgress(table: Table, ...progress: Parameters<typeof progressWrite>): Promise<boolean> {
  return (await table.write([progressWrite(...progress)])).done;
}

/** Returns the write of `noteProgress`. */
export function progressWrite(
  { tenant, renewalId }: Pick<Renewal, 'tenant' | 'renewalId'>,
  progress: Progress,
  whileIn: readonly RenewalStatus[],
  alsoIf: readonly Clause[] = [],
): Write {
  const onlyIf = [any(...whileIn.map((status) => equal('status', status))), ...alsoIf];
  return { update: renewalKey(tenant, renewalId), set: Object.entries(progress), onlyIf };
}
