import { expect, it } from 'vitest';
import { type HistoryEntry, licenseChange } from '../../../shared/licensing/history/history.ts';
import { usageOf } from '../../../shared/licensing/history/usage.ts';
import type { License } from '../../../shared/licensing/license/license.ts';
import { aLicense, NOW } from '../../fakes/world.ts';

const FINANCE = { type: 'floating', access: 'write', modules: 'all', folderId: 'finance' } as const;
const SALES = { ...FINANCE, folderId: 'sales' } as const;

function changed(before: Partial<License> | undefined, after: Partial<License>): HistoryEntry[] {
  const license = aLicense({ folderId: 'finance' });
  const entry = licenseChange(before && { ...license, ...before }, { ...license, ...after, version: 2 });
  return entry === undefined ? [] : [entry];
}
const login = (facts: Partial<License> = {}) => changed(facts, { ...facts, currentUser: 'ada' });
const logout = (facts: Partial<License> = {}) => changed({ ...facts, currentUser: 'ada' }, facts);
const denied: HistoryEntry = {
  kind: 'denied',
  tenant: 'acme',
  user: 'bob',
  session: null,
  folderId: 'finance',
  access: 'write',
  reason: 'no-free-license',
  at: NOW,
};

it.each<
  [string, Parameters<typeof usageOf>[0], readonly HistoryEntry[], ReturnType<ReturnType<typeof usageOf>['result']>]
>([
  ['nothing happened', [], [], { pools: [], denied: {}, deniedUsers: {} }],
  [
    'some licenses were in use all day, and a pool is no longer used',
    [
      { ...FINANCE, inUse: 2 },
      { ...SALES, inUse: 0 },
    ],
    [],
    { pools: [{ ...FINANCE, inUse: 2, peak: 2 }], denied: {}, deniedUsers: {} },
  ],
  [
    'users came and went: the peak stays',
    [{ ...FINANCE, inUse: 1 }],
    [...login(), ...login(), ...logout(), ...logout(), ...login(), ...logout()],
    { pools: [{ ...FINANCE, inUse: 1, peak: 3 }], denied: {}, deniedUsers: {} },
  ],
  [
    'a license was moved while in use, which does not count twice',
    [{ ...FINANCE, inUse: 1 }],
    changed({ currentUser: 'ada' }, { currentUser: 'ada', folderId: 'sales' }),
    {
      pools: [
        { ...FINANCE, inUse: 0, peak: 1 },
        { ...SALES, inUse: 1, peak: 1 },
      ],
      denied: {},
      deniedUsers: {},
    },
  ],
  ['a free license was imported', [], changed(undefined, {}), { pools: [], denied: {}, deniedUsers: {} }],
  [
    'licenses of four classes in two folders were used: each is a pool of its own, by folder and class',
    [],
    [
      ...login({ folderId: 'sales' }),
      ...login({ access: 'read' }),
      ...login({ type: 'dedicated', modules: 'CMDB' }),
      ...login({ type: 'dedicated' }),
    ],
    {
      pools: [
        { ...FINANCE, type: 'dedicated', modules: 'CMDB', inUse: 1, peak: 1 },
        { ...FINANCE, type: 'dedicated', inUse: 1, peak: 1 },
        { ...FINANCE, access: 'read', inUse: 1, peak: 1 },
        { ...SALES, inUse: 1, peak: 1 },
      ],
      denied: {},
      deniedUsers: {},
    },
  ],
  [
    'logins were denied',
    [],
    [denied, { ...denied, reason: 'too-old' }, denied, { ...denied, user: 'cyd' }],
    {
      pools: [],
      denied: { 'no-free-license': 3, 'too-old': 1 },
      deniedUsers: { 'no-free-license': 2, 'too-old': 1 },
    },
  ],
])('the use of a day on which %s', (_what, atStart, entries, expected) => {
  const usage = usageOf(atStart);
  for (const entry of entries) usage.add(entry);

  expect(usage.result()).toEqual(expected);
});
