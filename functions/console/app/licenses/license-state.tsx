import type { LicenseState } from '../api/types.ts';
import { T } from '../texts/text.tsx';
import { Chip, type ChipProps } from '../ui/chip.tsx';

const LOOKS: Readonly<Record<LicenseState, Pick<ChipProps, 'tone' | 'mark'>>> = {
  free: { tone: 'good', mark: 'empty' },
  assigned: { tone: 'owned', mark: 'half' },
  'in-use': { tone: 'busy', mark: 'full' },
  releasing: { tone: 'warning', mark: 'half' },
  'held-back': { tone: 'quiet', mark: 'half' },
  'set-aside': { tone: 'quiet', mark: 'cross' },
  expired: { tone: 'danger', mark: 'cross' },
  'not-yet-valid': { tone: 'quiet', mark: 'empty' },
  deleted: { tone: 'danger', mark: 'empty' },
};

/** The state of a license as a mark with its word. */
export function StateChip({ state }: { readonly state: LicenseState }) {
  return (
    <Chip {...LOOKS[state]}>
      <T id={`licenses.state-${state}`} />
    </Chip>
  );
}
