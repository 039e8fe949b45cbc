import type { Clause } from '../licensing/clause.ts';
import { absent, any, asRead, atLeast, atMost, equal, present } from '../licensing/clause.ts';
import { type Change, STATE_FACTS } from '../licensing/license/license.ts';
import type { Vacancy } from '../licensing/login/choose-vacancy.ts';
import type { Day, Instant } from '../licensing/time.ts';
import type { LifecycleState } from '../licensing/vocabulary.ts';
import type { Item, Table, Write } from '../platform/ports/table.ts';
import { licenseKey, vacancyKey } from './keys.ts';

/** What a login's write came to. */
export type ClaimAnswer =
  | { readonly claimed: true }
  /** The card is another than was judged: here it is. */
  | { readonly cardChanged: Item | undefined }
  /** Somebody else has the license. */
  | { readonly taken: true }
  /** Another write was under way on the card or the license: nobody knows yet. */
  | { readonly contended: true };

type Claim = {
  readonly tenant: string;
  readonly serialNumber: string;
  readonly user: string;
  readonly at: Instant;
  readonly today: Day;
  readonly change: Change;
};

/**
 * Auto-allocation takes a vacancy: `lend` of a floating license, `give` of a dedicated one. The license is not read
 * before; that it is free, where the vacancy said, with the term that the card will note, and in it, is the write's condition
 * (R14, R17, R18).
 */
export function takeVacancy(vacancy: Vacancy, claim: Claim): readonly Write[] {
  const key = vacancyKey({ ...vacancy, tenant: claim.tenant });
  const asSeen = [
    equal('folderId', vacancy.folderId),
    equal('validFrom', vacancy.validFrom),
    asRead('expiresOn', vacancy.expiresOn),
  ];
  return [{ delete: key, onlyIf: [present('pk')] }, beginUse(claim, 'free', asSeen, vacancy.type === 'dedicated')];
}

/** The user begins to work on the dedicated license that is assigned to them (R13, R20). */
export function useAssigned(claim: Claim): readonly Write[] {
  return [beginUse(claim, 'assigned', [equal('assignedTo', claim.user)], false)];
}

function beginUse(claim: Claim, state: LifecycleState, alsoIf: readonly Clause[], give: boolean): Write {
  return {
    update: licenseKey(claim.tenant, claim.serialNumber),
    set: [
      ['currentUser', claim.user],
      ['since', claim.at],
      ['change', claim.change],
      ...(give ? ([['assignedTo', claim.user]] as const) : []),
    ],
    add: [['version', 1]],
    onlyIf: [
      ...STATE_FACTS[state],
      ...alsoIf,
      atMost('validFrom', claim.today),
      any(absent('expiresOn'), atLeast('expiresOn', claim.today)),
    ],
  };
}

/** Makes the writes of a login, the card's first, and says in the login's words why they were refused. */
export async function claim(table: Table, card: Write, others: readonly Write[]): Promise<ClaimAnswer> {
  const answer = await table.write([card, ...others]);
  if (answer.done) return { claimed: true };
  const [ofCard, ...ofOthers] = answer.refusals;
  if (ofCard?.because === 'condition') return { cardChanged: ofCard.item };
  if (ofCard === undefined && ofOthers.some((refusal) => refusal?.because === 'condition')) return { taken: true };
  return { contended: true };
}
