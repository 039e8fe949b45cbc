import { describe, expect, it } from 'vitest';
import type { License } from '../../shared/licensing/license/license.ts';
import type { Table, Write } from '../../shared/platform/ports/table.ts';
import { claim, takeVacancy, useAssigned } from '../../shared/store/claim.ts';
import { licenseItem, vacancyItem, vacancyOf } from '../../shared/store/items.ts';
import { licenseKey } from '../../shared/store/keys.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, NOW } from '../fakes/world.ts';

const CLAIM = {
  tenant: 'acme',
  serialNumber: 'A1000001',
  user: 'ada',
  at: NOW,
  today: '2026-03-02',
  change: { actor: 'test', cause: 'login', at: NOW },
};
const CARD = { put: { pk: 'U#acme#ada', sk: 'CARD' } } satisfies Write;

/** The vacancy was seen of `seen`; the license then is `stored`, and the vacancy there or gone. */
async function claiming(seen: License, stored: License | undefined, isVacant = true) {
  const table = memoryTable();
  const vacancy = vacancyItem(seen);
  await table.write([
    ...(stored === undefined ? [] : [{ put: licenseItem(stored) }]),
    ...(isVacant ? [{ put: vacancy }] : []),
  ]);
  const answer = await claim(table, CARD, takeVacancy(vacancyOf(vacancy), CLAIM));
  return { answer, license: await table.get(licenseKey('acme', CLAIM.serialNumber)), cards: await table.get(CARD.put) };
}

const FREE = aLicense();

describe('a claim of a vacancy', () => {
  it('gives a floating license for the session, and assigns a dedicated one (R17)', async () => {
    const lent = await claiming(FREE, FREE);
    expect(lent.answer).toEqual({ claimed: true });
    expect(lent.license).toMatchObject({ currentUser: 'ada', since: NOW, version: 2, change: CLAIM.change });
    expect(lent.license).not.toHaveProperty('assignedTo');

    const dedicated = aLicense({ type: 'dedicated' });
    const given = await claiming(dedicated, dedicated);
    expect(given.license).toMatchObject({ currentUser: 'ada', assignedTo: 'ada' });
  });

  // Each of these is enough to refuse it, even where the vacancy wrongly still is there.
  it.each<[string, License | undefined]>([
    ['is in use', { ...FREE, currentUser: 'bob', since: NOW }],
    ['is assigned', { ...FREE, assignedTo: 'bob' }],
    ['is held back (R18)', { ...FREE, heldBackFor: 'renewal-1' }],
    ['is deleted', { ...FREE, deletedAt: NOW }],
    ['is in another folder', { ...FREE, folderId: 'sales' }],
    ['is in zOld (R18)', { ...FREE, folderId: 'zOld', setAsideOn: '2026-03-01' }],
    ['begins on another day', { ...FREE, validFrom: '2026-01-16' }],
    ['ends on another day', { ...FREE, expiresOn: '2027-01-15' }],
    ['is not there at all', undefined],
  ])('is refused when the license %s', async (_title, stored) => {
    const { answer, license, cards } = await claiming(FREE, stored);

    expect(answer).toEqual({ taken: true });
    expect(license?.['version']).toBe(stored?.version);
    expect(cards).toBeUndefined();
  });

  it.each([
    ['has ended (F29)', { expiresOn: '2026-03-01' }],
    ['is to come', { validFrom: '2026-03-03' }],
  ])('is refused when the term %s, although it is the term that was read', async (_title, term) => {
    const license = aLicense(term);
    expect((await claiming(license, license)).answer).toEqual({ taken: true });
  });

  it('is refused when the vacancy is gone', async () => {
    expect((await claiming(FREE, FREE, false)).answer).toEqual({ taken: true });
  });
});

describe('the use of an assigned license', () => {
  const own = aLicense({ type: 'dedicated', assignedTo: 'ada' });
  it.each<[string, License, object]>([
    ['begins', own, { claimed: true }],
    ['is for its user alone', { ...own, assignedTo: 'bob' }, { taken: true }],
    ['is refused when nobody has it assigned', aLicense({ type: 'dedicated' }), { taken: true }],
    ['is refused when it has ended', { ...own, expiresOn: '2026-03-01' }, { taken: true }],
    ['is refused before it begins', { ...own, validFrom: '2026-03-03' }, { taken: true }],
  ])('%s', async (_title, license, expected) => {
    const table = memoryTable();
    await table.write([{ put: licenseItem(license) }]);

    expect(await claim(table, CARD, useAssigned(CLAIM))).toEqual(expected);
  });
});

describe('the outcome of a claim', () => {
  const refusing = (...refusals: readonly (object | undefined)[]): Table => ({
    ...memoryTable(),
    write: async () => ({ done: false, refusals: refusals as never }),
  });
  const condition = { because: 'condition', item: undefined };
  const conflict = { because: 'conflict' };

  it.each([
    ['the card first: it is judged again', [{ ...condition, item: CARD.put }, condition], { cardChanged: CARD.put }],
    ['a card that is gone', [condition, undefined], { cardChanged: undefined }],
    ['a license that somebody else has', [undefined, condition], { taken: true }],
    ['that beside a conflict on it', [undefined, conflict, condition], { taken: true }],
    ['a conflict on the card: nobody knows', [conflict, condition], { contended: true }],
    ['a conflict on the license', [undefined, conflict], { contended: true }],
  ])('distinguishes %s (F13)', async (_title, refusals, expected) => {
    expect(await claim(refusing(...refusals), CARD, [])).toEqual(expected);
  });
});
