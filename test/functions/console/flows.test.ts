import { expect, test } from 'vitest';
import type { RenewalRow } from '../../../functions/console/app/api/types.ts';
import { comesOf, endsOf, flowsOf, layOut } from '../../../functions/console/app/renewals/flows.ts';

let count = 0;
const row = (outcome: RenewalRow['outcome'], some: Partial<RenewalRow> = {}): RenewalRow => ({
  row: ++count,
  class: { type: 'floating', access: 'write', modules: 'all' },
  folder: 'Sales',
  outcome,
  ...some,
});

test('licenses of one class in one folder are one flow, the greatest flow first', () => {
  const flows = flowsOf([
    row('replaced', { old: 'F1', new: 'F2', folder: 'Finance' }),
    row('replaced', { old: 'F3', new: 'F4' }),
    row('extended', { old: 'F5', new: 'F5' }),
    row('shortfall', { old: 'F6' }),
    row('left-over', { new: 'F7' }),
  ]);

  expect(flows.map(({ folder }) => folder)).toEqual(['Sales', 'Finance']);
  expect(flows[0]).toMatchObject({ replaced: 1, extended: 1, shortfall: 1, leftOver: 1 });
  expect(flows.map((flow) => [endsOf(flow), comesOf(flow)])).toEqual([
    [3, 3],
    [1, 1],
  ]);
});

test('what was done to a row later leaves it in its part, unless it no longer says which that was', () => {
  const [flow] = flowsOf([
    row('set-aside', { old: 'F1' }),
    row('undone', { old: 'F2', new: 'F3' }),
    row('undone', { new: 'F4' }),
    row('skipped', { old: 'F5' }),
  ]);

  expect(flow).toMatchObject({ replaced: 1, extended: 0, asBefore: 1, shortfall: 1, leftOver: 1 });
});

test('only licenses that end stand at the left, and only those that come at the right', () => {
  const flows = flowsOf([row('replaced', { old: 'F1', new: 'F2' }), row('shortfall', { old: 'F3' }), row('left-over')]);
  const { bands } = layOut(flows, 300);

  expect(bands.map(({ part, left, right }) => [part, left !== undefined, right !== undefined])).toEqual([
    ['replaced', true, true],
    ['shortfall', true, false],
    ['leftOver', false, true],
  ]);
});

test('the parts of flows never overlap at either side, however many flows there are', () => {
  const rows = Array.from({ length: 40 }, (_, index) =>
    Array.from({ length: index === 0 ? 5_000 : 1 }, () => row('replaced', { old: 'a', new: 'b', folder: `${index}` })),
  ).flat();
  const { bands, height } = layOut(flowsOf(rows), 340);

  const ends = bands.map(({ left = 0, height: tall }) => left + tall);
  expect(bands.slice(1).every(({ left = 0 }, index) => left >= (ends[index] ?? 0))).toBe(true);
  expect(Math.max(...ends)).toBeLessThanOrEqual(height);
});
