import type { ReactNode } from 'react';
import type { UserCardRow } from '../api/types.ts';
import { T } from '../texts/text.tsx';
import { Chip, type ChipProps } from '../ui/chip.tsx';
import { SerialLink } from '../ui/names.tsx';
import { Day, Instant } from '../ui/time.tsx';

type Truth = Pick<UserCardRow, 'licenseInformation' | 'licenseInformationCode' | 'licenseInformationMembers'>;
type Code = NonNullable<Truth['licenseInformationCode']>;

/** The words of the chips, each for one or several codes. */
const WORDS = {
  'in-use': { tone: 'busy', mark: 'full' },
  'in-use-after-term': { tone: 'warning', mark: 'full' },
  assigned: { tone: 'owned', mark: 'half' },
  'no-access': { tone: 'quiet', mark: 'cross' },
  expired: { tone: 'danger', mark: 'cross' },
  'not-yet-valid': { tone: 'quiet', mark: 'empty' },
  denied: { tone: 'danger', mark: 'cross' },
  none: { tone: 'quiet', mark: 'empty' },
} as const satisfies Record<string, Pick<ChipProps, 'tone' | 'mark'>>;

const WORD_OF: Readonly<Record<Code, keyof typeof WORDS>> = {
  'floating-in-use': 'in-use',
  releasing: 'in-use',
  ended: 'in-use-after-term',
  'ended-releasing': 'in-use-after-term',
  dedicated: 'assigned',
  'no-access': 'no-access',
  'assigned-expired': 'expired',
  'assigned-not-yet-valid': 'not-yet-valid',
  'denied-assigned-had-expired': 'denied',
  'denied-no-free-license': 'denied',
  'denied-assigned-license-expired': 'denied',
  'denied-no-access': 'denied',
  'denied-session-ended': 'denied',
  'denied-too-old': 'denied',
  'denied-unknown-tenant': 'denied',
  none: 'none',
};

/** Which license a user has, in a word. */
export function TruthChip({ code = 'none' }: { readonly code: Code | undefined }) {
  const word = WORD_OF[code];
  return (
    <Chip {...WORDS[word]}>
      <T id={`users.truth-${word}`} />
    </Chip>
  );
}

/** Which license a user has, or why none, as a sentence. A newer service may say it in English only. */
export function TruthSentence({ truth }: { readonly truth: Truth }): ReactNode {
  const { licenseInformation, licenseInformationCode: code, licenseInformationMembers: members = {} } = truth;
  if (code === undefined || !Object.hasOwn(WORD_OF, code)) return <span lang="en">{licenseInformation}</span>;
  const { serialNumber, at } = members;
  const day = members['expiresOn'] ?? members['validFrom'];
  return (
    <T
      id={`users.truth-said-${code}`}
      values={{
        serial: serialNumber === undefined ? '' : <SerialLink serial={serialNumber} />,
        day: day === undefined ? '' : <Day day={day} />,
        at: at === undefined ? '' : <Instant at={at} />,
      }}
    />
  );
}
