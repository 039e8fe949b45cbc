import type { UserCardRow } from '../api/types.ts';
import { T } from '../texts/text.tsx';
import { Chip, type ChipProps } from '../ui/chip.tsx';
import { SerialLink } from '../ui/names.tsx';
import { Day, Instant } from '../ui/time.tsx';

type Truth = UserCardRow['licenseTruth'];

const LOOKS: Readonly<Record<Truth['code'], Pick<ChipProps, 'tone' | 'mark'>>> = {
  'in-use': { tone: 'busy', mark: 'full' },
  'in-use-after-term': { tone: 'warning', mark: 'full' },
  assigned: { tone: 'owned', mark: 'half' },
  'no-access': { tone: 'quiet', mark: 'cross' },
  expired: { tone: 'danger', mark: 'cross' },
  'not-yet-valid': { tone: 'quiet', mark: 'empty' },
  denied: { tone: 'danger', mark: 'cross' },
  none: { tone: 'quiet', mark: 'empty' },
};

/** Which license a user has, in a word. */
export function TruthChip({ code }: Pick<Truth, 'code'>) {
  return (
    <Chip {...LOOKS[code]}>
      <T id={`users.truth-${code}`} />
    </Chip>
  );
}

/** Which license a user has, or why none, as a sentence. */
export function TruthSentence({ truth }: { readonly truth: Truth }) {
  const { code, serialNumber, released, expiresOn, validFrom, reason, at } = truth;
  const values = {
    serial: serialNumber === undefined ? '' : <SerialLink serial={serialNumber} />,
    day: (expiresOn ?? validFrom) === undefined ? '' : <Day day={expiresOn ?? validFrom ?? ''} />,
    at: at === undefined ? '' : <Instant at={at} />,
    reason: reason === undefined ? '' : <T id={`words.reason-${reason}`} />,
  };
  return <T id={released ? 'users.truth-said-released' : `users.truth-said-${code}`} values={values} />;
}
