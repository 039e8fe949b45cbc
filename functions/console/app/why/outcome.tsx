import { T } from '../texts/text.tsx';
import { Chip, type ChipProps } from '../ui/chip.tsx';
import { FolderName, SerialLink } from '../ui/names.tsx';
import { Day } from '../ui/time.tsx';
import type { Way } from './rungs.ts';

const LOOKS: Readonly<Record<Way['outcome'], Pick<ChipProps, 'tone' | 'mark'>>> = {
  allocated: { tone: 'good', mark: 'full' },
  assigned: { tone: 'owned', mark: 'half' },
  continued: { tone: 'busy', mark: 'full' },
  denied: { tone: 'danger', mark: 'cross' },
};

export function OutcomeChip({ outcome }: Pick<Way, 'outcome'>) {
  return (
    <Chip {...LOOKS[outcome]}>
      <T id={`why.outcome-${outcome}`} />
    </Chip>
  );
}

/** How a login ends, as a sentence. */
export function OutcomeSentence({ way: { outcome, license, reason, blockedBy } }: { readonly way: Way }) {
  if (outcome === 'denied') {
    return blockedBy === undefined ? (
      <T id={`why.denied-${reason ?? 'no-free-license'}`} />
    ) : (
      <T
        id="why.denied-blocked"
        values={{ serial: <SerialLink serial={blockedBy.serialNumber} />, day: <Day day={blockedBy.expiresOn} /> }}
      />
    );
  }
  return (
    <T
      id={`why.said-${outcome}`}
      values={{
        serial: license === undefined ? '' : <SerialLink serial={license.serialNumber} />,
        folder: license === undefined ? '' : <FolderName path={license.folder} />,
      }}
    />
  );
}
