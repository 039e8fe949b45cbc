import { type LifecycleEvent, transition } from '../../shared/licensing/license/lifecycle.ts';
import type { UserCard } from '../../shared/licensing/login/user-card.ts';
import type { Instant } from '../../shared/licensing/time.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { licenseChangeWrites } from '../../shared/store/change-licenses.ts';
import { licenseOf } from '../../shared/store/items.ts';
import { licenseKey } from '../../shared/store/keys.ts';
import { readUserCard } from '../../shared/store/read-user-card.ts';
import { userCardWrite } from '../../shared/store/write-user-card.ts';
import { NOW, SETTINGS } from './world.ts';

const CHANGE = { actor: 'administrator', cause: 'test' };

/** The least that an administrator does to licenses and cards while others log in; tries until it goes through. */
export function administrator(
  table: Table,
  pause: () => Promise<void> = async () => {},
  today = '2026-03-02',
  now: () => Instant = () => NOW,
) {
  /** Answers why the lifecycle refuses the event, or undefined. */
  const change = async (serialNumber: string, event: LifecycleEvent): Promise<string | undefined> => {
    for (;;) {
      const before = licenseOf((await table.get(licenseKey('acme', serialNumber)))!);
      const result = transition(before, event, { ...CHANGE, at: now() });
      if ('refused' in result) return result.refused;
      const writes = await licenseChangeWrites(table, [{ before, after: result.license }], today);
      if (writes !== undefined && (await table.write(writes)).done) return undefined;
      await pause();
    }
  };

  const changeCard = async (user: string, changed: (card: UserCard) => UserCard): Promise<void> => {
    for (;;) {
      const { card } = await readUserCard(table, 'acme', user);
      const write = userCardWrite(
        card!,
        { ...changed(card!), change: { ...CHANGE, at: now() } },
        SETTINGS.idleTimeout,
        [],
      );
      if ((await table.write([write])).done) return;
      await pause();
    }
  };

  return {
    change,
    changeCard,
    release: (serialNumber: string) => change(serialNumber, { event: 'release' }),
    assign: (serialNumber: string, user: string) => change(serialNumber, { event: 'assign', user, today }),
    move: (serialNumber: string, folderId: string) => change(serialNumber, { event: 'move', folderId, today }),
    moveCard: (user: string, folderId: string) => changeCard(user, (card) => ({ ...card, folderId })),
  };
}
