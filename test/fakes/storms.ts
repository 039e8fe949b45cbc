import { expect } from 'vitest';
import { ROOT } from '../../shared/licensing/folder-tree.ts';
import type { License } from '../../shared/licensing/license/license.ts';
import { ALLOCATION_STEPS } from '../../shared/licensing/login/allocation-steps.ts';
import type { Receipt } from '../../shared/licensing/login/receipt.ts';
import type { UserCard } from '../../shared/licensing/login/user-card.ts';
import type { Item, Table } from '../../shared/platform/ports/table.ts';
import { atOnce } from './interleaving.ts';
import { expectInvariants } from './invariants.ts';
import { vacancyWatch } from './vacancy-watch.ts';
import { aLicense, aUserCard } from './world.ts';

type Login = (user: string, facts?: { readonly session?: string }) => Promise<Receipt>;

export type StormFacts = {
  readonly table: Table;
  readonly items: () => Promise<readonly Item[]>;
  readonly width: number;
  /** The use case on a table that the storm watches. */
  readonly loginOn: (table: Table) => Login;
};

export function users(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `user-${index}`);
}

/** S2: 500 users of one folder, 300 licenses over the four steps. */
export function overSubscribed(): { readonly licenses: readonly License[]; readonly cards: readonly UserCard[] } {
  const steps = [
    ...aPool(120, { folderId: 'finance' }, 'F-FOLDER'),
    ...aPool(80, {}, 'F-ROOT'),
    ...aPool(60, { folderId: 'finance', type: 'dedicated' }, 'D-FOLDER'),
    ...aPool(40, { type: 'dedicated' }, 'D-ROOT'),
  ];
  return { licenses: steps, cards: users(500).map((user) => aUserCard({ user })) };
}

export function aPool(count: number, facts: Partial<License>, name: string): readonly License[] {
  return Array.from({ length: count }, (_, index) => aLicense({ ...facts, serialNumber: `${name}-${index}` }));
}

/** Runs S2 and proves it: 300 served, nobody doubled, nobody sent on or away while something was certainly free. */
export async function proveOverSubscribed({ table, items, width, loginOn }: StormFacts): Promise<readonly Receipt[]> {
  const watch = vacancyWatch(table, await items());
  const login = loginOn(watch.table);

  const ended = await atOnce(users(500), width, async (user) => {
    const from = watch.now();
    const receipt = await login(user);
    return { receipt, from, to: watch.now() };
  });

  const receipts = ended.map(({ receipt }) => receipt);
  const granted = receipts.flatMap(({ license }) => license?.serialNumber ?? []);
  expect(receipts.filter(({ outcome }) => outcome === 'allocated')).toHaveLength(300);
  expect(new Set(granted).size).toBe(300);
  expect(receipts.filter(({ reason }) => reason === 'no-free-license')).toHaveLength(200);
  for (const { receipt, from, to } of ended) expectInOrder(receipt, (place) => watch.certainlyFree(place, from, to));
  expectInvariants(await items());
  return receipts;
}

/** No step before the one that granted, and for a denial none at all, had a license that was certainly free. */
function expectInOrder(receipt: Receipt, certainlyFree: (place: string) => readonly string[]): void {
  for (const step of ALLOCATION_STEPS) {
    if (step.name === receipt.step) return;
    const folderId = step.where === 'root' ? ROOT : 'finance';
    const passedOver = certainlyFree(`V#acme#${folderId} w${step.type === 'floating' ? 1 : 2}`);
    expect(passedOver, `${receipt.user}: ${receipt.step ?? receipt.reason} though free in ${step.name}`).toEqual([]);
  }
}

/** S3: 25 users, each logging in 20 times at once on sessions of their own; 25 licenses go, and each user has one. */
export async function proveManyLoginsOfOneUser({ table, items, width, loginOn }: StormFacts) {
  const login = loginOn(table);
  const logins = users(25).flatMap((user) =>
    Array.from({ length: 20 }, (_, session) => ({ user, session: `session-${session}` })),
  );

  const receipts = await atOnce(logins, width, ({ user, session }) => login(user, { session }));

  const byUser = Map.groupBy(receipts, ({ user }) => user);
  for (const own of byUser.values()) {
    expect(new Set(own.map(({ license }) => license?.serialNumber)).size).toBe(1);
    expect(own.filter(({ outcome }) => outcome === 'allocated')).toHaveLength(1);
    expect(own.filter(({ outcome }) => outcome === 'continued')).toHaveLength(19);
  }
  expect(new Set(receipts.map(({ license }) => license?.serialNumber)).size).toBe(25);
  const stored = await items();
  expect(stored.filter(({ sk, currentUser }) => sk === 'LICENSE' && currentUser !== undefined)).toHaveLength(25);
  for (const card of stored.filter(({ sk }) => sk === 'CARD')) {
    expect(Object.keys(card['sessions'] as object)).toHaveLength(20);
  }
  expectInvariants(stored);
  return receipts;
}
