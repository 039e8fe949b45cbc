import type { RenewalStatus, RowOutcome } from '../api/types.ts';
import { T } from '../texts/text.tsx';
import { Chip, type ChipProps } from '../ui/chip.tsx';

type Look = Required<Pick<ChipProps, 'tone' | 'mark'>>;

const STATUSES: Readonly<Record<RenewalStatus, Look>> = {
  planned: { tone: 'owned', mark: 'empty' },
  approved: { tone: 'owned', mark: 'half' },
  running: { tone: 'busy', mark: 'half' },
  'waiting-for-term': { tone: 'busy', mark: 'empty' },
  'waiting-for-cleanup': { tone: 'busy', mark: 'full' },
  finished: { tone: 'good', mark: 'full' },
  stopped: { tone: 'danger', mark: 'cross' },
  undoing: { tone: 'warning', mark: 'half' },
  undone: { tone: 'quiet', mark: 'empty' },
};

export function RenewalChip({ status }: { readonly status: RenewalStatus }) {
  return (
    <Chip {...STATUSES[status]}>
      <T id={`renewals.status-${status}`} />
    </Chip>
  );
}

export const ROW_OUTCOMES = [
  'replaced',
  'extended',
  'shortfall',
  'set-aside',
  'left-over',
  'undone',
  'skipped',
] as const satisfies readonly RowOutcome[];

const ROWS: Readonly<Record<RowOutcome, Look>> = {
  replaced: { tone: 'good', mark: 'full' },
  extended: { tone: 'busy', mark: 'full' },
  shortfall: { tone: 'danger', mark: 'cross' },
  'set-aside': { tone: 'danger', mark: 'half' },
  'left-over': { tone: 'owned', mark: 'empty' },
  undone: { tone: 'quiet', mark: 'empty' },
  skipped: { tone: 'warning', mark: 'half' },
};

export function RowChip({ outcome }: { readonly outcome: RowOutcome }) {
  return (
    <Chip {...ROWS[outcome]}>
      <T id={`renewals.row-${outcome}`} />
    </Chip>
  );
}
