import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WINDOW } from '../../shared/licensing/login/choose-vacancy.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import { vacancyItem } from '../../shared/store/items.ts';
import { vacancyPartition } from '../../shared/store/keys.ts';
import { hadFloating, readVacancies, type VacancyHints } from '../../shared/store/read-vacancies.ts';
import { countingTable } from '../fakes/counting-table.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aPool } from '../fakes/storms.ts';
import { aLicense } from '../fakes/world.ts';

const TODAY = Promise.resolve('2026-03-02');
const FOLDER = { tenant: 'acme', folderId: 'root', access: 'write' } as const;
const HINT = `${vacancyPartition('acme', 'root')} write`;
const EXPIRED = { expiresOn: '2026-03-01' };
const TO_COME = { validFrom: '2026-03-03' };

/** A table with the vacancies of licenses, and what reading them costs. */
async function aFolder(licenses: readonly ReturnType<typeof aLicense>[]) {
  const memory = memoryTable();
  for (let start = 0; start < licenses.length; start += 100) {
    await memory.write(licenses.slice(start, start + 100).map((license) => ({ put: vacancyItem(license) })));
  }
  return countingTable(memory);
}

describe('reading the vacancies of a folder', () => {
  it('sees the valid licenses of each type, and is empty only if there are none', async () => {
    const kinds = fc.constantFrom({}, EXPIRED, TO_COME);
    const counts = fc.oneof(fc.nat(4), fc.integer({ min: 20, max: 60 }));
    const pool = fc.array(fc.record({ facts: kinds, count: counts, dedicated: fc.boolean() }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(pool, fc.integer(), fc.boolean(), async (groups, seed, hinted) => {
        const licenses = groups.flatMap(({ facts, count, dedicated }, index) =>
          aPool(count, { ...facts, type: dedicated ? 'dedicated' : 'floating' }, `G${index}`),
        );
        const others = [...aPool(30, { access: 'read' }, 'READ'), ...aPool(30, { folderId: 'sales' }, 'SALES')];
        const { table } = await aFolder([...licenses, ...others]);
        const hints: VacancyHints = new Map(hinted ? [[HINT, 'many']] : []);

        const window = await readVacancies(table, FOLDER, TODAY, hints, seededRandom(seed));

        const valid = (type: string) =>
          new Set(
            licenses
              .filter((one) => one.type === type && !('expiresOn' in one && one.expiresOn === EXPIRED.expiresOn))
              .filter((one) => one.validFrom !== TO_COME.validFrom)
              .map(({ serialNumber }) => serialNumber),
          );
        for (const type of ['floating', 'dedicated'] as const) {
          for (const vacancy of window[type].valid) expect(valid(type)).toContain(vacancy.serialNumber);
          expect(window[type].valid.length).toBeLessThanOrEqual(WINDOW);
          if (!window[type].more) expect(window[type].valid).toHaveLength(valid(type).size);
        }
        expect(window.floating.valid.length > 0).toBe(valid('floating').size > 0);
        // Dedicated ones are looked for to the end only where nothing floating is.
        if (valid('floating').size === 0) {
          expect(window.dedicated.valid.length > 0).toBe(valid('dedicated').size > 0);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('needs one call for an empty folder, and one for a large one, whose next read starts at a random place', async () => {
    const hints: VacancyHints = new Map();
    const empty = await aFolder([]);
    await readVacancies(empty.table, FOLDER, TODAY, hints, seededRandom(1));
    expect(empty.counts.calls).toBe(1);
    expect(hints.size).toBe(0);

    const big = await aFolder(aPool(500, {}, 'F'));
    const seen = new Set<string>();
    const random = seededRandom(1);
    for (let read = 0; read < 60; read += 1) {
      const { floating } = await readVacancies(big.table, FOLDER, TODAY, hints, random);
      expect(floating).toMatchObject({ more: true });
      for (const { serialNumber } of floating.valid) seen.add(serialNumber);
    }
    expect(big.counts.calls).toBe(60);
    expect(hints).toEqual(new Map([[HINT, 'many']]));
    // Sixty windows of 24 in 500: what they see between them is most of the folder.
    expect(seen.size).toBeGreaterThan(350);
  });

  it('forgets that a folder was big when it no longer is', async () => {
    const { table } = await aFolder([aLicense()]);
    const hints: VacancyHints = new Map([[HINT, 'many']]);

    const { floating } = await readVacancies(table, FOLDER, TODAY, hints, seededRandom(1));

    expect(floating.valid).toHaveLength(1);
    expect(hints.size).toBe(0);
  });

  it('remembers a folder with enough free licenses, so that a login need not read the root', async () => {
    const hints: VacancyHints = new Map();

    await readVacancies((await aFolder(aPool(8, {}, 'F'))).table, FOLDER, TODAY, hints, seededRandom(1));
    expect(hadFloating(hints, FOLDER)).toBe(true);

    await readVacancies((await aFolder(aPool(7, {}, 'F'))).table, FOLDER, TODAY, hints, seededRandom(1));
    expect(hadFloating(hints, FOLDER)).toBe(false);
  });

  it('reads on through thousands that are outside their term', async () => {
    const { table, counts } = await aFolder([
      ...aPool(2_500, EXPIRED, 'X'),
      aLicense({ serialNumber: 'D', type: 'dedicated' }),
    ]);

    const { floating, dedicated } = await readVacancies(table, FOLDER, TODAY, new Map(), seededRandom(1));

    expect(floating).toEqual({ valid: [], more: false });
    expect(dedicated.valid.map(({ serialNumber }) => serialNumber)).toEqual(['D']);
    expect(counts.calls).toBe(5);
  });
});
