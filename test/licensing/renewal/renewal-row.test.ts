import { describe, expect, it } from 'vitest';
import {
  cleanUpRow,
  holdBackRow,
  type RenewalRow,
  type RowFacts,
  switchRow,
  undoRow,
} from '../../../shared/licensing/renewal/renewal-row.ts';
import { RenewalStopped } from '../../../shared/platform/errors.ts';
import { batchesOf } from '../../../shared/renewals/read-renewal.ts';
import { batchRequest, readStepRequest, renewalRequest } from '../../../shared/renewals/step-request.ts';
import { aLicense, NOW } from '../../fakes/world.ts';

const FACTS: RowFacts = {
  renewalId: 'r1',
  mode: 'assign',
  expiringOnOrBefore: '2026-03-31',
  today: '2026-03-02',
  change: { actor: 'test', cause: 'renewal r1', at: NOW },
};
const old = aLicense({ serialNumber: 'O', expiresOn: '2026-03-31', folderId: 'sales' });
const offered = aLicense({ serialNumber: 'N', heldBackFor: 'r1', validFrom: '2026-03-01', expiresOn: '2027-03-31' });
const ROW: RenewalRow = {
  class: { type: 'floating', access: 'write', modules: 'all' },
  folderId: 'sales',
  folder: 'Sales',
  old: { serialNumber: 'O', validFrom: '2026-01-15', expiresOn: '2026-03-31', state: 'free' },
  new: { serialNumber: 'N', validFrom: '2026-03-01' },
  outcome: 'replaced',
  version: 0,
  switched: false,
};

describe('a row of a renewal', () => {
  it('is switched once: a step that is tried again finds nothing left to do (F41)', () => {
    const { row, licenses } = switchRow(ROW, { old, new: offered }, FACTS);
    expect(licenses).toHaveLength(2);

    const [retired, letIn] = licenses.map(({ after }) => after);
    expect(switchRow(row, { old: retired, new: letIn }, FACTS)).toEqual({ licenses: [], row });
    expect(switchRow(row, { old, new: offered }, FACTS)).toEqual({ licenses: [], row });
  });

  it('is undone once, and no concurrent step changes anything after that (R41)', () => {
    const switched = switchRow(ROW, { old, new: offered }, FACTS);
    const [retired, letIn] = switched.licenses.map(({ after }) => after);
    const licenses = { old: retired, new: letIn };
    for (const before of [ROW, switched.row]) {
      const { row } = undoRow(before, before === ROW ? { old, new: offered } : licenses, FACTS);

      const nothing = { licenses: [], row };
      expect(row).toMatchObject({ outcome: 'undone', undoneAt: NOW });
      expect(undoRow(row, licenses, FACTS)).toEqual(nothing);
      expect(switchRow(row, { old, new: offered }, FACTS)).toEqual(nothing);
      expect(holdBackRow(row, { new: { ...offered, heldBackFor: 'r0' } }, FACTS)).toEqual(nothing);
      expect(
        cleanUpRow({ ...row, oldLicense: 'set-aside' }, retired, { ...FACTS, today: '2026-03-03' }).licenses,
      ).toEqual([]);
    }
  });

  it('waits while its new license is not valid yet, whatever the input of the step says (F58)', () => {
    const later = { ...offered, validFrom: '2026-03-03' };

    expect(switchRow(ROW, { old, new: later }, FACTS)).toEqual({ licenses: [], row: ROW });
  });

  it('takes no new license that is held back for another renewal', () => {
    const { licenses, row } = switchRow(ROW, { old, new: { ...offered, heldBackFor: 'r0' } }, FACTS);

    expect([licenses, row.outcome]).toEqual([[], 'skipped']);
  });
});

describe('the input of a step', () => {
  it.each([
    [{ tenant: 'acme/../globex', renewalId: 'r1' }, renewalRequest],
    [{ tenant: 'acme' }, renewalRequest],
    [{ tenant: 'acme', renewalId: 'r1', from: -1, to: 50 }, batchRequest],
    [{ tenant: 'acme', renewalId: 'r1', from: '0', to: '50' }, batchRequest],
    ['acme', renewalRequest],
  ] as const)('%j stops the renewal, because a retry cannot help (F58)', (input, schema) => {
    expect(() => readStepRequest<unknown>(schema, input)).toThrow(RenewalStopped);
  });

  it('is ranges of at most fifty unfinished rows, each row in exactly one of them (F47)', () => {
    const rows = Array.from({ length: 300 }, (_, index) => ({ index, row: { ...ROW, switched: index % 2 === 0 } }));

    const batches = batchesOf(rows, (row) => !row.switched);

    expect(batches).toEqual([
      { from: 1, to: 100 },
      { from: 101, to: 200 },
      { from: 201, to: 300 },
    ]);
  });
});
