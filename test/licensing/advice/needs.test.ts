import { expect, it } from 'vitest';
import { needsOf } from '../../../shared/licensing/advice/needs.ts';
import { NO_USAGE } from '../../../shared/licensing/history/usage.ts';

const FINANCE = { folderId: 'finance', type: 'floating', access: 'write', modules: 'all' } as const;
const DEDICATED = { ...FINANCE, type: 'dedicated' } as const;
const used = (peak: number, mostOwned: number) => ({ peak, mostOwned, inUse: 0, owned: mostOwned });

it('adds the users who lacked a license to the floating pool of their folder and access', () => {
  const needs = needsOf({
    ...NO_USAGE,
    pools: [
      { ...DEDICATED, ...used(3, 4) },
      { ...FINANCE, ...used(2, 2) },
      { ...FINANCE, modules: 'CMDB', ...used(0, 9) },
    ],
    lacking: [
      { folderId: 'finance', access: 'write', users: 5 },
      { folderId: 'sales', access: 'read', users: 1 },
    ],
  });

  expect(needs).toEqual([
    { ...DEDICATED, inUse: 3, denied: 0, needed: 3, owned: 4 },
    { ...FINANCE, inUse: 2, denied: 5, needed: 7, owned: 2 },
    { ...FINANCE, folderId: 'sales', access: 'read', inUse: 0, denied: 1, needed: 1, owned: 0 },
  ]);
});

it('adds up the users of merged folders', () => {
  const lacking = [2, 3].map((users) => ({ folderId: 'finance', access: 'write', users }) as const);

  expect(needsOf({ ...NO_USAGE, lacking })).toMatchObject([{ denied: 5, needed: 5 }]);
});
