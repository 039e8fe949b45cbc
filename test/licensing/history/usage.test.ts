import { expect, it } from 'vitest';
import { type HistoryEntry, licenseChange } from '../../../shared/licensing/history/history.ts';
import { inPresentFolders, missingIn, usageOf, withOwnedBefore } from '../../../shared/licensing/history/usage.ts';
import type { License } from '../../../shared/licensing/license/license.ts';
import { plus } from '../../../shared/licensing/time.ts';
import { aLicense, FOLDERS, NOW } from '../../fakes/world.ts';

const FINANCE = { type: 'floating', access: 'write', modules: 'all', folderId: 'finance' } as const;
const SALES = { ...FINANCE, folderId: 'sales' } as const;

let seconds = 0;

/** A change that happened a second after the one before. */
function changed(before: Partial<License> | undefined, after: Partial<License>): HistoryEntry[] {
  seconds += 1;
  const at = plus(NOW, seconds * 1_000);
  const license = aLicense({ folderId: 'finance', change: { actor: 'test', cause: 'test', at } });
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

const nothing = { denied: {}, deniedUsers: {}, denials: [], lacking: [] };
const at = (inUse: number, owned: number) => ({ inUse, owned });
const pool = (inUse: number, peak: number, owned: number, mostOwned: number) => ({ inUse, peak, owned, mostOwned });

it.each<
  [string, Parameters<typeof usageOf>[0], readonly HistoryEntry[], ReturnType<ReturnType<typeof usageOf>['result']>]
>([
  ['nothing happened', [], [], { pools: [], ...nothing }],
  [
    'some licenses were in use all day, and a pool is gone',
    [
      { ...FINANCE, ...at(2, 5) },
      { ...SALES, ...at(0, 0) },
    ],
    [],
    { pools: [{ ...FINANCE, ...pool(2, 2, 5, 5) }], ...nothing },
  ],
  [
    'users came and went: the peak stays',
    [{ ...FINANCE, ...at(1, 4) }],
    [...login(), ...login(), ...logout(), ...logout(), ...login(), ...logout()],
    { pools: [{ ...FINANCE, ...pool(1, 3, 4, 4) }], ...nothing },
  ],
  [
    'a user went over to another license in one moment, which does not count twice',
    [{ ...FINANCE, ...at(1, 2) }],
    [...login(), ...logout()].map((entry) => ({ ...entry, change: { actor: 'test', cause: 'login', at: NOW } })),
    { pools: [{ ...FINANCE, ...pool(1, 1, 2, 2) }], ...nothing },
  ],
  [
    'a license was moved while in use, which does not count twice',
    [{ ...FINANCE, ...at(1, 1) }],
    changed({ currentUser: 'ada' }, { currentUser: 'ada', folderId: 'sales' }),
    {
      pools: [
        { ...FINANCE, ...pool(0, 1, 0, 1) },
        { ...SALES, ...pool(1, 1, 1, 1) },
      ],
      ...nothing,
    },
  ],
  [
    'licenses were imported and one deleted: the most stays',
    [{ ...FINANCE, ...at(0, 1) }],
    [...changed(undefined, {}), ...changed(undefined, {}), ...changed({}, { deletedAt: NOW })],
    { pools: [{ ...FINANCE, ...pool(0, 0, 2, 3) }], ...nothing },
  ],
  [
    'a deleted license was restored, and changes of a deleted one do not count',
    [],
    [...changed({ deletedAt: NOW }, {}), ...changed({ deletedAt: NOW }, { deletedAt: NOW, expiresOn: '2028-01-01' })],
    { pools: [{ ...FINANCE, ...pool(0, 0, 1, 1) }], ...nothing },
  ],
  [
    'licenses of four classes in two folders were used: each is a pool of its own, by folder and class',
    [],
    [
      ...changed(undefined, { folderId: 'sales', currentUser: 'ada' }),
      ...changed(undefined, { access: 'read', currentUser: 'ada' }),
      ...changed(undefined, { type: 'dedicated', modules: 'CMDB', currentUser: 'ada' }),
      ...changed(undefined, { type: 'dedicated', currentUser: 'ada' }),
    ],
    {
      pools: [
        { ...FINANCE, type: 'dedicated', modules: 'CMDB', ...pool(1, 1, 1, 1) },
        { ...FINANCE, type: 'dedicated', ...pool(1, 1, 1, 1) },
        { ...FINANCE, access: 'read', ...pool(1, 1, 1, 1) },
        { ...SALES, ...pool(1, 1, 1, 1) },
      ],
      ...nothing,
    },
  ],
  [
    'logins were denied: those that lacked a license count each user once, for whatever reason they lacked it',
    [],
    [
      denied,
      { ...denied, reason: 'too-old' },
      denied,
      { ...denied, user: 'cyd' },
      { ...denied, reason: 'assigned-license-expired' },
      { ...denied, user: 'dan', reason: 'no-access' },
      { ...denied, user: 'dan', access: 'read' },
    ],
    {
      pools: [],
      denied: { 'no-free-license': 4, 'too-old': 1, 'assigned-license-expired': 1, 'no-access': 1 },
      deniedUsers: { 'no-free-license': 3, 'too-old': 1, 'assigned-license-expired': 1, 'no-access': 1 },
      denials: [
        { folderId: 'finance', access: 'write', reason: 'no-free-license', count: 3, users: 2 },
        { folderId: 'finance', access: 'write', reason: 'too-old', count: 1, users: 1 },
        { folderId: 'finance', access: 'write', reason: 'assigned-license-expired', count: 1, users: 1 },
        { folderId: 'finance', access: 'write', reason: 'no-access', count: 1, users: 1 },
        { folderId: 'finance', access: 'read', reason: 'no-free-license', count: 1, users: 1 },
      ],
      lacking: [
        { folderId: 'finance', access: 'write', users: 2 },
        { folderId: 'finance', access: 'read', users: 1 },
      ],
    },
  ],
])('the use of a day on which %s', (_what, atStart, entries, expected) => {
  const usage = usageOf(atStart);
  for (const entry of entries) usage.add(entry);

  expect(usage.result()).toEqual(expected);
});

it('adds what was owned before the first entry to what was counted without it', () => {
  const usage = usageOf([]);
  for (const entry of changed({}, { folderId: 'sales' })) usage.add(entry);
  const counted = usage.result();

  const before = missingIn(counted.pools, [
    { ...FINANCE, owned: 3 },
    { ...SALES, owned: 1 },
  ]);

  expect(before).toMatchObject([{ ...FINANCE, owned: 4 }]);
  expect(withOwnedBefore(counted, before).pools).toEqual([
    { ...FINANCE, ...pool(0, 0, 3, 4) },
    { ...SALES, ...pool(0, 0, 1, 1) },
  ]);
});

it('counts a merged folder in the one that took its place', () => {
  const folders = { ...FOLDERS, helsinki: { ...FOLDERS['helsinki']!, mergedInto: 'finance' } };
  const usage = usageOf([
    { ...FINANCE, ...at(1, 2) },
    { ...FINANCE, folderId: 'helsinki', ...at(3, 5) },
  ]);
  usage.add({ ...denied, folderId: 'helsinki' });

  expect(inPresentFolders(usage.result(), folders)).toMatchObject({
    pools: [{ ...FINANCE, ...pool(4, 4, 7, 7) }],
    denials: [{ folderId: 'finance' }],
    lacking: [{ folderId: 'finance', users: 1 }],
  });
});
