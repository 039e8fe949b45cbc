import { describe, expect, it } from 'vitest';
import { defined } from '../../shared/licensing/defined.ts';
import { vacancyItem } from '../../shared/store/items.ts';
import { asAdministrator } from '../fakes/command-world.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import { aLicense, aUserCard, aWorld } from '../fakes/world.ts';
import type { StoredTable } from './sessions.contract.ts';

const USERS = ['ada', 'bob', 'cyd', 'dan'];
const SERIALS = Array.from({ length: 25 }, (_, index) => `D${100 + index}`);

/** What the administrator's commands promise of the store: runs on the fake and on the real engine. */
export function administerContract(name: string, newTable: () => Promise<StoredTable>): void {
  const aStoredWorld = async () => {
    const { table, items } = await newTable();
    const world = await aWorld({
      table,
      licenses: SERIALS.map((serialNumber, index) =>
        aLicense({
          serialNumber,
          type: 'dedicated',
          expiresOn: `2027-01-${10 + (index % 3)}`,
          folderId: index % 2 === 0 ? 'finance' : 'sales',
        }),
      ),
      cards: USERS.map((user) => aUserCard({ user })),
    });
    const { ask } = asAdministrator(world.deps);
    const pages = async (command: string, members: object): Promise<readonly unknown[][]> => {
      const found: unknown[][] = [];
      let cursor: unknown;
      do {
        const page = await ask(command, defined({ ...members, cursor }));
        const { licenses, userCards } = page as Record<string, { serialNumber?: string; user?: string }[] | undefined>;
        found.push((licenses ?? userCards ?? []).map(({ serialNumber, user }) => serialNumber ?? user));
        cursor = (page as { cursor?: string }).cursor;
      } while (cursor !== undefined);
      return found;
    };
    return { ...world, ask, pages, items };
  };

  describe(`administrator's commands on the store: ${name}`, () => {
    it('every license and every card is on exactly one page, in every order', async () => {
      const { pages } = await aStoredWorld();
      const ofFinance = SERIALS.filter((_, index) => index % 2 === 0);

      const bySerial = await pages('list-licenses', { limit: 7 });
      const byDay = await pages('list-licenses', { limit: 7, sortBy: 'expiresOn' });
      const inFolder = await pages('list-licenses', { limit: 5, folder: 'Finance' });
      const inFolderByDay = await pages('list-licenses', { limit: 5, folder: 'Finance', sortBy: 'expiresOn' });
      const cards = await pages('list-user-cards', { limit: 3, folder: 'Finance' });

      expect([bySerial.flat(), inFolder.flat(), cards.flat()]).toEqual([SERIALS, ofFinance, USERS]);
      const days = (serial: unknown) => Number(`${serial}`.slice(1)) - 100;
      const order = (one: unknown, other: unknown) => (days(one) % 3) - (days(other) % 3) || days(one) - days(other);
      expect(byDay.flat()).toEqual(SERIALS.toSorted(order));
      expect(inFolderByDay.flat()).toEqual(ofFinance.toSorted(order));
    });

    it('commands and logins at once leave a tenant whose audit finds nothing', async () => {
      const { ask, login, items } = await aStoredWorld();

      const [first = '', second = ''] = SERIALS;
      await Promise.all([
        ...USERS.map((user) => login(user)),
        ...USERS.map((user) => ask('assign-license', { serialNumber: first, user })),
        ask('move-licenses', { serialNumbers: SERIALS, folder: 'Finance/Helsinki' }),
        ask('delete-license', { serialNumber: second }),
        ask('put-user-card', { user: 'ada', card: { folder: 'Sales' } }),
        ask('create-folder', { folder: 'Legal' }),
      ]);
      await Promise.all([
        ...USERS.map((user) => ask('disconnect', { user })),
        ask('release-license', { serialNumber: first }),
        ask('restore-license', { serialNumber: second }),
      ]);

      expect(await ask('audit')).toMatchObject({ licenses: 25, userCards: 4, violations: [] });
      expectInvariants(await items());
    });

    it.each(['constructor', '__proto__', 'toString'])('a license called %s is like any other', async (serialNumber) => {
      const { table, items } = await newTable();
      const { deps, login, logout, card, clock } = await aWorld({
        table,
        licenses: [aLicense({ serialNumber, type: 'dedicated' })],
        cards: [aUserCard({ user: 'bob' })],
      });
      const { ask } = asAdministrator(deps);

      expect(await login('ada')).toMatchObject({ outcome: 'allocated', license: { serialNumber } });
      expect(await login('bob')).toMatchObject({ outcome: 'denied' });
      expect(await ask('release-license', { serialNumber })).toMatchObject({ state: 'releasing' });
      clock.move(1_000);
      await logout('ada', 's1');
      expect(await ask('assign-license', { serialNumber, user: 'bob' })).toMatchObject({ assignedTo: 'bob' });
      expect(await login('bob')).toMatchObject({ outcome: 'assigned', license: { serialNumber } });
      expect(Object.keys((await card('bob'))?.assigned ?? {})).toEqual([serialNumber]);

      expect(await ask('audit')).toMatchObject({ licenses: 1, userCards: 2, violations: [] });
      expectInvariants(await items());
    });

    it('lists what commands leave, and an erasure takes the user out of them and out of what they changed', async () => {
      const { ask, items, clock } = await aStoredWorld();
      const [first = ''] = SERIALS;
      const okta = { tenants: ['okta:acme.okta.com'], authorization: 'secretsmanager:okta-hook' };
      await ask('put-hook', { provider: 'okta', settings: okta, actor: 'ada' });
      await ask('update-tenant', { settings: { cleanupHour: 5 }, actor: 'ada' });
      await ask('put-user-card', { user: 'bob', card: { folder: 'Sales' }, actor: 'ada' });
      await ask('assign-license', { serialNumber: first, user: 'ada' });
      await ask('remove-user-card', { user: 'ada' });
      clock.move(1_000);

      const { pseudonym } = (await ask('erase-user', { user: 'ada' })) as { pseudonym: string };

      const told: { command: string; outcome: string; about: { user?: string } }[] = [];
      for (let page: { commands?: typeof told; cursor?: string } = { cursor: '' }; page.cursor !== undefined; ) {
        const cursor = page.cursor === '' ? {} : { cursor: page.cursor };
        page = (await ask('list-commands', { limit: 2, ...cursor })) as typeof page;
        told.push(...(page.commands ?? []));
      }
      expect(told).toHaveLength(6);
      expect(told[0]).toMatchObject({ command: 'erase-user', outcome: 'done', about: { user: pseudonym } });
      expect(new Set(told.map(({ about }) => about.user))).toEqual(new Set([pseudonym, 'bob', undefined]));
      const lasting = (await items()).filter(({ ttl }) => ttl === undefined);
      expect(JSON.stringify(lasting)).not.toContain('"ada"');
    });

    it('an explanation takes into account what idle sessions give back', async () => {
      const { table } = await newTable();
      const world = await aWorld({ table, licenses: [aLicense()], cards: [aUserCard(), aUserCard({ user: 'bob' })] });
      await world.login('ada');
      world.clock.move(24 * 3_600_000);

      const answer = await asAdministrator(world.deps).ask('explain-login', { user: 'bob' });

      expect(answer).toMatchObject({ outcome: 'allocated' });
    });

    it('an audit reports what is wrong, and nothing else', async () => {
      const { ask, login, license, table } = await aStoredWorld();
      const { license: taken } = await login('ada');
      await table.write([{ put: vacancyItem(await license(taken!.serialNumber)) }]);

      const report = await ask('audit');

      expect(report).toMatchObject({ violations: [{ invariant: 'vacancy', serialNumber: taken!.serialNumber }] });
    });
  });
}
