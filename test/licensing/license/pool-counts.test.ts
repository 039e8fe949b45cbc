import { expect, it } from 'vitest';
import { type License, licenseState, stateInTerm } from '../../../shared/licensing/license/license.ts';
import { countPools, type PoolEntry } from '../../../shared/licensing/license/pool-counts.ts';
import { LICENSE_STATES } from '../../../shared/licensing/vocabulary.ts';
import { aLicense, NOW } from '../../fakes/world.ts';

const TODAY = '2026-03-02';
const entryOf = (license: License): PoolEntry => ({ ...license, state: stateInTerm(license) });

const NONE = { owned: 0, free: 0, assigned: 0, inUse: 0, releasing: 0, heldBack: 0, setAside: 0, expired: 0 };
const EXPIRED = { expiresOn: '2026-03-01' } as const;

it.each<[string, Partial<License>, object]>([
  ['free', {}, { owned: 1, free: 1 }],
  ['free on its last day', { expiresOn: TODAY }, { owned: 1, free: 1 }],
  ['assigned', { type: 'dedicated', assignedTo: 'ada' }, { owned: 1, assigned: 1 }],
  ['assigned and in use', { type: 'dedicated', assignedTo: 'ada', currentUser: 'ada' }, { owned: 1, inUse: 1 }],
  ['in use after its last day', { currentUser: 'ada', ...EXPIRED }, { owned: 1, inUse: 1 }],
  ['releasing', { currentUser: 'ada', releasing: true }, { owned: 1, releasing: 1 }],
  ['held back', { heldBackFor: 'r1', ...EXPIRED }, { owned: 1, heldBack: 1 }],
  ['set aside', { folderId: 'zOld', ...EXPIRED }, { owned: 1, setAside: 1 }],
  ['expired', EXPIRED, { owned: 1, expired: 1 }],
  ['expired and assigned', { type: 'dedicated', assignedTo: 'ada', ...EXPIRED }, { owned: 1, expired: 1 }],
  ['not yet valid', { validFrom: '2026-03-03' }, { owned: 1 }],
])('counts a license that is %s', (_what, facts, expected) => {
  const { type, access, modules, folderId, ...license } = aLicense(facts);
  const pools = countPools(TODAY);

  pools.add(entryOf({ type, access, modules, folderId, ...license }));

  expect(pools.result()).toEqual([{ type, access, modules, folderId, ...NONE, ...expected }]);
});

it('counts no deleted license', () => {
  const pools = countPools(TODAY);

  pools.add(entryOf(aLicense({ deletedAt: NOW })));

  expect(pools.result()).toEqual([]);
});

it('counts each class and each folder for itself', () => {
  const pools = countPools(TODAY);
  const classes = [
    {},
    { access: 'read' },
    { modules: 'CMDB' },
    { type: 'dedicated' },
    { folderId: 'finance' },
  ] as const;

  for (const one of [...classes, ...classes]) pools.add(entryOf(aLicense(one)));

  expect(pools.result()).toHaveLength(classes.length);
  for (const pool of pools.result()) expect(pool).toMatchObject({ owned: 2, free: 2 });
});

it('counts every license in the state that the lists show', () => {
  const facts: readonly Partial<License>[] = [
    {},
    { currentUser: 'ada' },
    { currentUser: 'ada', releasing: true },
    { assignedTo: 'ada' },
    { heldBackFor: 'r1' },
    { folderId: 'zOld' },
    { deletedAt: NOW },
  ];
  const terms: readonly Partial<License>[] = [{}, EXPIRED, { validFrom: '2026-03-03' }];
  for (const license of facts.flatMap((one) => terms.map((term) => aLicense({ ...one, ...term })))) {
    const pools = countPools(TODAY);
    pools.add(entryOf(license));
    const [pool] = pools.result();
    const { owned = 0, ...states } = pool ?? {};
    const state = licenseState(license, TODAY);

    expect(owned, state).toBe(state === 'deleted' ? 0 : 1);
    const counted = Object.entries(states).flatMap(([name, value]) => (value === 1 ? [name] : []));
    const column = state.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    expect(counted, state).toEqual(state === 'deleted' || state === 'not-yet-valid' ? [] : [column]);
    expect(LICENSE_STATES).toContain(state);
  }
});
