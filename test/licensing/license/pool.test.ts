import { describe, expect, it } from 'vitest';
import type { License } from '../../../shared/licensing/license/license.ts';
import { type PoolNotice, poolNotice, poolTakenFrom } from '../../../shared/licensing/license/pool.ts';
import { aLicense } from '../../fakes/world.ts';

const TODAY = '2026-03-02';
const POOL = { tenant: 'acme', folderId: 'finance', access: 'write', type: 'floating' } as const;
const CHANGE = { actor: 'test', cause: 'test', at: '2026-03-02T08:00:00.000Z' };
const free = aLicense({ folderId: 'finance' });

describe('the pool that a change takes a license from', () => {
  it.each<[string, Partial<License> | undefined, Partial<License>, typeof POOL | undefined]>([
    ['a login takes it', {}, { currentUser: 'ada' }, POOL],
    ['it is moved to another folder', {}, { folderId: 'sales' }, POOL],
    ['it is held back', {}, { heldBackFor: '2027' }, POOL],
    ['it is deleted', {}, { deletedAt: '2026-03-02T08:00:00.000Z' }, POOL],
    ['only its term changes', {}, { expiresOn: '2028-01-14' }, undefined],
    ['it comes back', { currentUser: 'ada' }, {}, undefined],
    ['it is moved while in use', { currentUser: 'ada' }, { currentUser: 'ada', folderId: 'sales' }, undefined],
    ['it is new', undefined, {}, undefined],
    ['it is new, and not free', undefined, { heldBackFor: '2027' }, undefined],
  ])('when %s', (_what, before, after, pool) => {
    expect(poolTakenFrom(before && { ...free, ...before }, { ...free, ...after })).toEqual(pool);
  });
});

describe('the notice of a pool that runs low', () => {
  const told: PoolNotice = { ...POOL, free: 2, lowOn: TODAY, version: 3, change: CHANGE };

  it.each<[number, number | undefined, PoolNotice | undefined, Partial<PoolNotice> | undefined]>([
    [6, 5, undefined, undefined],
    [5, 5, undefined, { lowOn: TODAY, threshold: 5, version: 1 }],
    [1, undefined, undefined, undefined],
    [0, undefined, undefined, { exhaustedOn: TODAY, version: 1 }],
    [0, 5, undefined, { exhaustedOn: TODAY, threshold: 5, version: 1 }],
    [1, 5, told, undefined],
    [1, 5, { ...told, lowOn: '2026-03-01' }, { lowOn: TODAY, threshold: 5, version: 4 }],
    [0, 5, told, { lowOn: TODAY, exhaustedOn: TODAY, threshold: 5, version: 4 }],
    [0, 5, { ...told, exhaustedOn: TODAY }, undefined],
    [1, 5, { ...told, exhaustedOn: TODAY }, undefined],
    [6, 5, { ...told, exhaustedOn: TODAY, lowOn: '2026-03-01' }, undefined],
  ])('%i free of a threshold of %s, told before: %j', (left, threshold, known, facts) => {
    const notice = poolNotice(known, POOL, { free: left, threshold, today: TODAY }, CHANGE);

    expect(notice).toEqual(facts && { ...POOL, free: left, change: CHANGE, ...facts });
  });
});
