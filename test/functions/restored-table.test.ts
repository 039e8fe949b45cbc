import { expect, it } from 'vitest';
import { MINUTE, plus } from '../../shared/licensing/time.ts';
import { licenseOf } from '../../shared/store/items.ts';
import { anImportWorld } from '../fakes/import-world.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import { licenseXml } from '../fakes/license-file.ts';
import { aUserCard, NOW } from '../fakes/world.ts';

const bytes = (issued: string, licenses: readonly object[]) =>
  new TextEncoder().encode(licenseXml({ issued, licenses: licenses as [] }));

/** Yesterday two licenses; today two later files and a morning of logins. */
async function aLostDay() {
  const world = await anImportWorld({ cards: ['ada', 'bob', 'cyd'].map((user) => aUserCard({ user })) });
  const { table, login, logout, upload, importUpload } = world;
  const first = upload('first.xml', bytes('2026-01-15', [{ serialNumber: 'A' }, { serialNumber: 'B' }]));
  await importUpload(first);
  const yesterday = structuredClone(table.items());
  const second = upload(
    'second.xml',
    bytes('2026-02-15', [{ serialNumber: 'A', expiryDate: '2028-01-14' }, { serialNumber: 'C' }]),
  );
  const third = upload('third.xml', bytes('2026-02-20', [{ serialNumber: 'A', expiryDate: '2029-01-14' }]));
  const files = [first, second, third].map((file) => () => importUpload(file));
  const calls = [
    () => login('ada', { at: NOW }),
    () => login('bob', { at: plus(NOW, MINUTE) }),
    () => logout('ada', 's1', plus(NOW, 2 * MINUTE)),
    () => login('cyd', { at: plus(NOW, 3 * MINUTE) }),
  ];
  world.clock.move(4 * MINUTE);
  await importUpload(second);
  await importUpload(third);
  for (const call of calls) await call();

  const restore = async (): Promise<void> => {
    for (const { pk, sk } of table.items()) await table.write([{ delete: { pk, sk } }]);
    for (const item of yesterday) await table.write([{ put: item }]);
  };
  /** Which of equal licenses a user got is chance, and versions count what happened; the rest is what people see. */
  const seen = async () => {
    const licenses = table.items().filter(({ sk }) => sk === 'LICENSE');
    const cards = await Promise.all(['ada', 'bob', 'cyd'].map(world.card));
    return {
      terms: licenses
        .map(licenseOf)
        .map(({ serialNumber, expiresOn, folderId }) => [serialNumber, expiresOn, folderId]),
      sessions: cards.map((card) => [card?.user, Object.keys(card?.sessions ?? {}), card?.current !== undefined]),
      inUse: licenses.filter(({ currentUser }) => currentUser !== undefined).length,
    };
  };
  return { ...world, files, calls, restore, seen };
}

it.each([
  ['in their order', (all: readonly (() => Promise<unknown>)[]) => all],
  ['the other way round', (all: readonly (() => Promise<unknown>)[]) => all.toReversed()],
  ['twice', (all: readonly (() => Promise<unknown>)[]) => [...all, ...all]],
])(
  'a restored table reaches the same state when files and calls of the lost day come again %s (F55)',
  async (_how, ordered) => {
    const { files, calls, restore, seen, table } = await aLostDay();
    const before = await seen();

    await restore();
    const lost = await seen();
    for (const again of [...ordered(files), ...ordered(calls)]) await again();

    const sorted = ({ terms, ...others }: Awaited<ReturnType<typeof seen>>) => ({ terms: terms.toSorted(), ...others });
    expect(sorted(lost)).not.toEqual(sorted(before));
    expect(sorted(await seen())).toEqual(sorted(before));
    expectInvariants(table.items());
  },
);
