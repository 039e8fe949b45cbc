import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { License } from '../../shared/licensing/license/license.ts';
import { noteOf } from '../../shared/licensing/login/card-notes.ts';
import type { Receipt } from '../../shared/licensing/login/receipt.ts';
import { ACCESS, LEVELS, LICENSE_TYPES } from '../../shared/licensing/vocabulary.ts';
import { endIdleSessions } from '../../shared/sign-in/sessions/end-idle-sessions.ts';
import { aCommandWorld } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

/*
 * What is explained is what happens: an explanation is compared with the logins that come right after it, in tenants of
 * any kind.
 */

const HOUR = 3_600_000;
const USERS = ['ada', 'bob', 'cyd', 'dan', 'eve'];
const PATHS = { root: '', finance: 'Finance', helsinki: 'Finance/Helsinki' } as const;
const FOLDER_IDS = ['root', 'finance', 'helsinki'] as const;

type Term = Pick<License, 'validFrom' | 'expiresOn'>;
const TERMS: readonly Term[] = [
  { validFrom: '2026-01-15', expiresOn: '2027-01-14' },
  { validFrom: '2026-01-15', expiresOn: '2026-03-01' },
  { validFrom: '2026-01-15', expiresOn: '2026-03-02' },
  { validFrom: '2026-03-03' },
];

const license = fc.record({
  type: fc.constantFrom(...LICENSE_TYPES),
  access: fc.constantFrom('write' as const, ...ACCESS),
  modules: fc.constantFrom('all', 'all', 'all', 'CMDB'),
  folderId: fc.constantFrom(...FOLDER_IDS),
  term: fc.constantFrom(...TERMS),
  owner: fc.option(fc.constantFrom(...USERS), { nil: undefined, freq: 3 }),
});
const card = fc.record({
  folderId: fc.constantFrom(...FOLDER_IDS),
  access: fc.constantFrom('write' as const, ...ACCESS),
  level: fc.constantFrom('normal' as const, ...LEVELS),
});
const steps = fc.array(
  fc.record({ user: fc.constantFrom(...USERS), session: fc.constantFrom('s1', 's2'), hours: fc.constantFrom(0, 1, 5) }),
  { maxLength: 6 },
);
const releases = fc.array(fc.nat({ max: 7 }), { maxLength: 2 });
const tenant = fc.record({
  licenses: fc.array(license, { maxLength: 8 }),
  cards: fc.array(card, { minLength: USERS.length, maxLength: USERS.length }),
  steps,
  releases,
  environment: fc.constantFrom('cloud' as const, 'cloud' as const, 'on-premises' as const),
});
type Tenant = typeof tenant extends fc.Arbitrary<infer Value> ? Value : never;

/** The tenant after some logins, hours and releases. Sessions may be idle, and no sweep has ended them yet. */
async function aTenant({ licenses, cards, environment, ...past }: Tenant) {
  const made = licenses.map(({ term, owner, ...facts }, index) =>
    aLicense({
      ...facts,
      ...term,
      serialNumber: `L${index}`,
      ...(owner !== undefined && facts.type === 'dedicated' ? { assignedTo: owner } : {}),
      ...(term.expiresOn === undefined ? { expiresOn: '2027-03-02' } : {}),
    }),
  );
  const table = memoryTable();
  const world = await aCommandWorld({
    table,
    settings: { environment, idleTimeout: 4 * HOUR },
    licenses: made,
    cards: USERS.map((user, index) => {
      const own = made.filter(({ assignedTo }) => assignedTo === user);
      const assigned = Object.fromEntries(own.map((one) => [one.serialNumber, noteOf(one)]));
      return aUserCard({ user, ...cards[index], assigned });
    }),
  });
  for (const { user, session, hours } of past.steps) {
    await world.login(user, { session });
    world.clock.move(hours * HOUR);
  }
  for (const index of past.releases) await world.ask('release-license', { serialNumber: `L${index}` });
  return { ...world, table };
}

/** What an explanation must say of a login. Which of several free licenses a step grants is random. */
function said({ outcome, reason, step, steps: seen, license: granted, blockedBy }: Receipt) {
  const { type, access, modules, folder } = granted ?? {};
  const isRandom = outcome === 'allocated';
  const which = { type, access, modules, folder, serialNumber: isRandom ? undefined : granted?.serialNumber };
  return { outcome, reason, step, seen, which, blockedBy };
}

type Answer = { readonly people: readonly Receipt[]; readonly counts: Readonly<Record<string, number>> };

const OPTIONS = { numRuns: 150 };

describe('an explanation says what the next login does, and writes nothing', () => {
  it('for a user, and for one without a card', async () => {
    await fc.assert(
      fc.asyncProperty(tenant, fc.constantFrom(...USERS, 'new'), async (facts, user) => {
        const { ask, login, table } = await aTenant(facts);
        const before = table.items();

        const { people } = (await ask('explain', { user })) as Answer;
        const receipt = await ask('explain-login', { user });

        expect(table.items()).toEqual(before);
        const logged = await login(user, { session: null });
        expect(people.map(said)).toEqual([said(logged)]);
        expect(said(receipt as Receipt)).toEqual(said(logged));
      }),
      OPTIONS,
    );
  });

  it('for somebody who does not exist yet, and for a user with another card', async () => {
    const user = fc.constantFrom(undefined, 'ada');
    await fc.assert(
      fc.asyncProperty(tenant, card, user, async (facts, { folderId, ...rest }, named) => {
        const { ask, login } = await aTenant(facts);
        const described = { folder: PATHS[folderId], ...rest };

        const { people } = (await ask('explain', { card: described, ...(named && { user: named }) })) as Answer;

        await ask('put-user-card', { user: named ?? 'new', card: described });
        expect(people.map(said)).toEqual([said(await login(named ?? 'new', { session: null }))]);
      }),
      OPTIONS,
    );
  });

  it('for a folder: all of its people, one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(tenant, fc.constantFrom(...FOLDER_IDS), fc.boolean(), async (facts, folderId, subfolders) => {
        const { ask, login, table } = await aTenant(facts);
        const before = table.items();

        const { people, counts } = (await ask('explain', { folder: PATHS[folderId], subfolders })) as Answer;

        expect(table.items()).toEqual(before);
        const receipts: Receipt[] = [];
        for (const { user } of people) receipts.push(await login(user, { session: null }));
        expect(people.map(said)).toEqual(receipts.map(said));
        expect(counts['people']).toBe(people.length);
      }),
      OPTIONS,
    );
  });

  it('for a folder at a later moment: the sessions that are idle by then have ended', async () => {
    await fc.assert(
      fc.asyncProperty(
        tenant,
        fc.constantFrom(...FOLDER_IDS),
        fc.constantFrom(1.1, 4.1, 30.1),
        async (facts, folderId, hours) => {
          const { ask, login, clock, deps } = await aTenant(facts);
          const at = new Date(Date.parse(clock.now()) + hours * HOUR).toISOString();

          const { people } = (await ask('explain', { folder: PATHS[folderId], at })) as Answer;

          clock.move(hours * HOUR);
          await endIdleSessions(deps);
          const receipts: Receipt[] = [];
          for (const { user } of people) receipts.push(await login(user, { session: null }));
          expect(people.map(said)).toEqual(receipts.map(said));
        },
      ),
      OPTIONS,
    );
  });
});
