import { describe, expect, test } from 'vitest';
import { decidedBefore, isChanged, rungsOf, STEPS } from '../../../../functions/console/app/why/rungs.ts';
import { STEP_NAMES } from '../../../../shared/licensing/login/allocation-steps.ts';

const none = (
  step: (typeof STEPS)[number],
  whyCode: 'none-free' | 'wrong-access' | 'off-on-premises' = 'none-free',
) => ({ step, seen: 0, more: false, taken: false, whyCode });
const took = (step: (typeof STEPS)[number], seen: number) => ({ step, seen, more: false, taken: true });

test('the steps are those of the service, in its order', () => {
  expect(STEPS).toEqual(STEP_NAMES);
});

describe('the steps of a login', () => {
  test('end at the one that was taken', () => {
    const rungs = rungsOf({ steps: [none('floating-in-folder'), took('floating-in-root', 6)] });

    expect(rungs.map(({ kind }) => kind)).toEqual(['passed', 'taken', 'not-reached', 'not-reached']);
    expect(rungs[1]).toMatchObject({ seen: 6, why: undefined });
  });

  test('skip those of a folder for a user in the root', () => {
    const rungs = rungsOf({ steps: [none('floating-in-root'), none('dedicated-in-root', 'wrong-access')] });

    expect(rungs.map(({ kind, why }) => why ?? kind)).toEqual(['skipped', 'none-free', 'skipped', 'wrong-access']);
  });

  test('are not reached when a license of one’s own is used', () => {
    expect(rungsOf({ steps: [] }).map(({ kind }) => kind)).toEqual(Array(4).fill('not-reached'));
  });
});

test('a step has changed when it was looked at both times and saw something else', () => {
  const [passed] = rungsOf({ steps: [none('floating-in-folder')] });
  const [closed] = rungsOf({ steps: [none('floating-in-folder', 'off-on-premises')] });
  const [taken] = rungsOf({ steps: [took('floating-in-folder', 1)] });
  const [unreached] = rungsOf({ steps: [] });

  expect(isChanged(passed!, taken!)).toBe(true);
  expect(isChanged(passed!, closed!)).toBe(true);
  expect(isChanged(passed!, passed!)).toBe(false);
  expect(isChanged(passed!, unreached!)).toBe(false);
});

test.each([
  [{ outcome: 'assigned', steps: [] }, 'assigned'],
  [{ outcome: 'continued', steps: [] }, 'continued'],
  [{ outcome: 'denied', reason: 'assigned-license-expired', steps: [] }, 'assigned-license-expired'],
  [{ outcome: 'denied', reason: 'no-free-license', steps: [none('floating-in-root')] }, 'steps'],
  [{ outcome: 'allocated', steps: [took('floating-in-root', 1)] }, 'steps'],
] as const)('what is decided before the steps of %o is %s', (way, decision) => {
  expect(decidedBefore({ ...way, steps: [...way.steps] })).toBe(decision);
});
