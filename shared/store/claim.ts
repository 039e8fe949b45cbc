import type { Clause } from '../licensing/clause.ts';
import { absent, any, asRead, atLeast, atMost, equal, present } from '../licensing/clause.ts';
import { type Change, STATE_FACTS } from '../licensing/license/license.ts';
import type { Vacancy } from '../licensing/login/choose-vacancy.ts';
import type { Day, Instant } from '../licensing/time.ts';
import type { LifecycleState } from '../licensing/vocabulary.ts';
import type { Item, Table, Write } from '../platform/ports/table.ts';
import { licenseKey, vacancyKey } from './keys.ts';

/** The outcome of a login's write. */
export type ClaimAnswer =
  | { readonly claimed: true }
  /** The card is no longer the one that was judged. Here is the present one. */
  | { readonly cardChanged: Item | undefined }
  /** Another user has the license. */
  | { readonly taken: true }
  /** A concurrent write was under way on the card or the license, so the outcome is unknown. */
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
 * Returns the writes by which auto-allocation takes a vacancy: `lend` for a floating license, `give` for a dedicated
 * one. The license is not read before. The condition of the write ensures that it is free, in the folder and with the
 * term of the vacancy, and valid today (R14, R17, R18).
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

/** Returns the write by which a user begins to work on the dedicated license assigned to them (R13, R20). */
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

/** Makes the writes of a login, the card's first. If they are refused, returns the reason in the terms of a login. */
export async function claim(table: Table, card: Write, others: readonly Write[]): Promise<ClaimAnswer> {
  const answer = await table.write([card, ...others]);
  if (answer.done) return { claimed: true };
  const [ofCard, ...ofOthers] = answer.refusals;
  if (ofCard?.because === 'condition') return { cardChanged: ofCard.item };
  if (ofCard === undefined && ofOthers.some((refusal) => refusal?.because === 'condition')) return { taken: true };
  return { contended: true };
}
