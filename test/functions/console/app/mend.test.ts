import { expect, test } from 'vitest';
import { mendOf } from '../../../../functions/console/app/licenses/mend.ts';
import { LAYOUT_WARNINGS } from '../../../../shared/licensing/advice/layout-check.ts';

test('every warning about the layout has the change that mends it, except where only people know', () => {
  const licenses = [{ serialNumber: 'D1' }];
  const mends = LAYOUT_WARNINGS.map((warning) => [
    warning,
    mendOf({ warning, folder: 'Sales', serialNumbers: ['D1'] }),
  ]);

  expect(Object.fromEntries(mends)).toEqual({
    'modules-mixed-in-folder': { action: 'move', target: { filter: { folder: 'Sales', modules: 'all' } } },
    'free-all-modules-in-root': { action: 'move', target: { licenses } },
    'nothing-for-user-card': undefined,
    'expired-assigned': { action: 'release', target: { licenses } },
    'set-aside-assigned': { action: 'release', target: { licenses } },
    'dedicated-without-user-cards': { action: 'move', target: { licenses } },
  });
});
