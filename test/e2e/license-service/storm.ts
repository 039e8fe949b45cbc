import { performance } from 'node:perf_hooks';
import { expect } from 'vitest';
import { licensesAlike, type SampleLicense } from '../../../infra/local/sample-files.ts';
import { atOnce } from '../../fakes/interleaving.ts';
import type { Callers, TenantCallers } from './callers.ts';
import type { Receipt } from './contract-shapes.ts';

/** The steps in their order, and how many licenses of a pool are free for each. */
export const POOL = {
  'floating-in-folder': 120,
  'floating-in-root': 80,
  'dedicated-in-folder': 60,
  'dedicated-in-root': 40,
} as const;
export const POOL_SIZE = 300;
const STEPS = Object.keys(POOL);

/** A tenant with 300 licenses, imported from a zip and moved so that each step has its share for users of Finance. */
export async function tenantWithPool(
  callers: Callers,
  tenant: string,
  term: Pick<SampleLicense, 'validFrom' | 'expiryDate'>,
): Promise<TenantCallers> {
  const owner = callers.of(tenant);
  await owner.create('Finance');
  const floating = licensesAlike(200, 'F1001', { type: 'Floating', ...term });
  const dedicated = licensesAlike(100, 'D1001', { type: 'Dedicated', ...term });
  const licenses = [...floating, ...dedicated];
  const report = await owner.reportOn(await owner.send('pool.zip', { issued: term.validFrom, licenses }));
  expect(report.counts.added).toBe(POOL_SIZE);
  const inFolder = [...floating.slice(0, 120), ...dedicated.slice(0, 60)];
  await owner.move(
    inFolder.map(({ serialNumber }) => serialNumber),
    'Finance',
  );
  return owner;
}

export const usersNamed = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);

export type Ended = { readonly receipt: Receipt; readonly from: number; readonly to: number };

/** Users of Finance, 64 at a time, each with the moments at which their call began and ended. */
export function storm(owner: TenantCallers, users: readonly string[]): Promise<readonly Ended[]> {
  return atOnce(users, 64, async (user) => {
    const from = performance.now();
    const receipt = await owner.login(user, { session: `${user}-morning`, claims: { folder: 'Finance' } });
    return { receipt, from, to: performance.now() };
  });
}

export const serialsOf = (ended: readonly Pick<Ended, 'receipt'>[]): readonly string[] =>
  ended.flatMap(({ receipt }) => receipt.license?.serialNumber ?? []);

/**
 * In a storm without logouts a license was free from the beginning until somebody took it: so nobody may have been sent
 * to a later step, or away, by a call that was over before the call of one who took a license of an earlier step began.
 */
export function expectNoStepPassedOver(ended: readonly Ended[]): void {
  const stepOf = ({ step }: Receipt) => (step === undefined ? STEPS.length : STEPS.indexOf(step));
  const passedOver = ended.flatMap(({ receipt, to }) =>
    ended
      .filter((later) => later.from > to && stepOf(later.receipt) < stepOf(receipt))
      .map((later) => `${receipt.user}: ${receipt.step ?? receipt.reason}, while ${later.receipt.step} was free`),
  );
  expect(passedOver).toEqual([]);
}
