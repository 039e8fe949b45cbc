import type { ImportCounts, ImportOutcome } from '../api/types.ts';
import { T, useText } from '../texts/text.tsx';
import { Chip, type ChipProps } from '../ui/chip.tsx';
import { CountBar } from '../ui/count-bar.tsx';

type Look = { readonly count: keyof ImportCounts } & Pick<ChipProps, 'tone' | 'mark'>;

/** The outcomes in the order of their weight: what needs a person comes first. */
export const OUTCOMES = [
  'conflict',
  'stale',
  'deleted-before',
  'added',
  'term-changed',
  'unchanged',
] as const satisfies readonly ImportOutcome[];

const LOOKS: Readonly<Record<ImportOutcome, Look>> = {
  added: { count: 'added', tone: 'good', mark: 'full' },
  'term-changed': { count: 'termChanged', tone: 'busy', mark: 'half' },
  unchanged: { count: 'unchanged', tone: 'quiet', mark: 'empty' },
  stale: { count: 'stale', tone: 'warning', mark: 'half' },
  conflict: { count: 'conflict', tone: 'danger', mark: 'cross' },
  'deleted-before': { count: 'deletedBefore', tone: 'owned', mark: 'cross' },
};

const BAR_ORDER = ['added', 'term-changed', 'unchanged', 'stale', 'deleted-before', 'conflict'] as const;

export const countOf = (counts: ImportCounts, outcome: ImportOutcome) => counts[LOOKS[outcome].count];

export const totalOf = (counts: ImportCounts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Returns how many licenses an import adds or changes. */
export const changedOf = ({ added, termChanged }: ImportCounts) => added + termChanged;

export function OutcomeChip({ outcome }: { readonly outcome: ImportOutcome }) {
  const { tone, mark = 'full' } = LOOKS[outcome];
  return (
    <Chip tone={tone} mark={mark}>
      <T id={`imports.outcome-${outcome}`} />
    </Chip>
  );
}

export function OutcomeBar({
  counts,
  hasLegend = true,
}: {
  readonly counts: ImportCounts;
  readonly hasLegend?: boolean;
}) {
  const parts = BAR_ORDER.map((outcome) => ({
    id: outcome,
    text: <T id={`imports.outcome-${outcome}`} />,
    count: countOf(counts, outcome),
    tone: LOOKS[outcome].tone,
  }));
  return <CountBar parts={parts} hasLegend={hasLegend} />;
}

/** Returns the choices of a filter by outcome. */
export function useOutcomeChoices() {
  const text = useText();
  return [
    { id: 'all', text: text('imports.outcome-all') },
    ...OUTCOMES.map((outcome) => ({ id: outcome, text: text(`imports.outcome-${outcome}`) })),
  ] as const;
}
