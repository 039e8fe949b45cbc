import type { Receipt } from '../api/types.ts';

/** What a receipt says of how a login went through the steps. A foreseen login says the same. */
export type Way = Pick<Receipt, 'outcome' | 'reason' | 'blockedBy' | 'license' | 'step' | 'steps'>;
export type StepName = Receipt['steps'][number]['step'];

/** The steps of auto-allocation in their order. */
export const STEPS = [
  'floating-in-folder',
  'floating-in-root',
  'dedicated-in-folder',
  'dedicated-in-root',
] as const satisfies readonly StepName[];

type WhyNot = NonNullable<Receipt['steps'][number]['whyCode']>;

export type Rung = {
  readonly step: StepName;
  /** `skipped` is a step in a folder of its own for a user in the root; `not-reached` comes after the end. */
  readonly kind: 'taken' | 'passed' | 'not-reached' | 'skipped';
  readonly seen: number;
  readonly more: boolean;
  readonly why?: WhyNot | undefined;
};

/** Returns the four steps as a login went through them. */
export function rungsOf({ steps }: Pick<Way, 'steps'>): readonly Rung[] {
  const last = Math.max(-1, ...steps.map(({ step }) => STEPS.indexOf(step)));
  return STEPS.map((step, place) => {
    const report = steps.find((one) => one.step === step);
    if (report === undefined) {
      return { step, kind: place < last ? 'skipped' : 'not-reached', seen: 0, more: false };
    }
    const { seen, more, taken, whyCode = 'none-free' } = report;
    return { step, kind: taken ? 'taken' : 'passed', seen, more, why: taken ? undefined : whyCode };
  });
}

/** Whether a step that was looked at both times goes another way. What comes before it says why one was not reached. */
export function isChanged(before: Rung, after: Rung): boolean {
  if (before.kind === 'not-reached' || after.kind === 'not-reached') return false;
  return (
    before.kind !== after.kind || before.why !== after.why || before.seen !== after.seen || before.more !== after.more
  );
}

/** What was decided before any step: a license of one's own, a session that goes on, a refusal, or to try the steps. */
export function decidedBefore({
  outcome,
  reason,
  steps,
}: Way): 'assigned' | 'continued' | 'steps' | NonNullable<Way['reason']> {
  if (outcome === 'assigned' || outcome === 'continued') return outcome;
  return outcome === 'denied' && steps.length === 0 ? (reason ?? 'no-access') : 'steps';
}
