import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { faultsOf, type Line, MOST_FREE, MOST_POOLS } from '../../../../functions/console/app/settings/thresholds.ts';
import { poolThreshold } from '../../../../shared/administration/tenant-settings.ts';
import { LIMITS } from '../../../../shared/licensing/limits.ts';

const FOLDERS = ['', 'Sales', 'zOld'];
const LINE: Line = { folder: 'Sales', type: 'floating', access: 'write', free: '3' };

test.each(['1', ' 7 ', '1000'])('%j free licenses can be a threshold, as the service says', (free) => {
  expect(faultsOf([{ ...LINE, free }], FOLDERS)).toEqual([undefined]);
  expect(z.safeParse(poolThreshold, { ...LINE, free: Number(free) }).success).toBe(true);
});

test.each(['', '0', '1001', '-1', '1.5', '1e2', 'three'])('%j free licenses cannot', (free) => {
  expect(faultsOf([{ ...LINE, free }], FOLDERS)).toEqual(['number']);
});

test('the limits are those of the service', () => {
  expect(LIMITS.find(({ setting }) => setting === 'poolThresholds')?.most).toBe(MOST_POOLS);
  expect(z.safeParse(poolThreshold, { ...LINE, free: MOST_FREE + 1 }).success).toBe(false);
});

test('a pool stands once, and in a folder that exists', () => {
  const lines = [LINE, { ...LINE, access: 'read' as const }, { ...LINE, free: '5' }, { ...LINE, folder: 'Gone' }];

  expect(faultsOf(lines, FOLDERS)).toEqual([undefined, undefined, 'twice', 'folder']);
});
