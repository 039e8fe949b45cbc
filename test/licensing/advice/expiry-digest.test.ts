import { describe, expect, it } from 'vitest';
import { expiryDigest, lastDayOfDigest, NAMED } from '../../../shared/licensing/advice/expiry-digest.ts';
import { dayAfter } from '../../../shared/licensing/cleanup-time.ts';
import { aLicense } from '../../fakes/world.ts';

const TODAY = '2026-03-02';
const YESTERDAY = '2026-03-01';
const ending = (days: number, more: object = {}) =>
  aLicense({ serialNumber: `E${days}`, expiresOn: dayAfter(TODAY, days), ...more });

describe('the digest of what ends soon (R45)', () => {
  it.each([90, 30, 7])('is due on the day on which a license comes within %i days, and not on the next', (days) => {
    expect(expiryDigest([ending(days)], YESTERDAY, TODAY)).toBeDefined();
    expect(expiryDigest([ending(days - 1)], YESTERDAY, TODAY)).toBeUndefined();
    // A day was missed.
    expect(expiryDigest([ending(days - 1)], '2026-02-28', TODAY)).toBeDefined();
  });

  it('lists all that end soon by the shortest notice, and counts those that have a user', () => {
    const licenses = [ending(3, { currentUser: 'ada' }), ending(30), ending(29, { assignedTo: 'bob' }), ending(91)];

    expect(expiryDigest(licenses, YESTERDAY, TODAY)).toEqual({
      7: { licenses: 1, inUse: 1, serialNumbers: ['E3'] },
      30: { licenses: 2, inUse: 1, serialNumbers: ['E30', 'E29'] },
      90: { licenses: 0, inUse: 0, serialNumbers: [] },
    });
  });

  it('names a hundred and counts the rest; without a digest before, everything is new', () => {
    const many = Array.from({ length: NAMED + 1 }, (_, index) => ending(5, { serialNumber: `M${index}` }));

    const digest = expiryDigest(many, '', TODAY);

    expect([digest?.[7].licenses, digest?.[7].serialNumbers.length]).toEqual([NAMED + 1, NAMED]);
    expect(expiryDigest([], '', TODAY)).toBeUndefined();
    expect(expiryDigest([ending(91)], '', TODAY)).toBeUndefined();
  });

  it('looks at no license that ends later than its last day', () => {
    const last = lastDayOfDigest(TODAY);

    expect(expiryDigest([ending(1, { expiresOn: last })], '', TODAY)).toBeDefined();
    expect(expiryDigest([ending(1, { expiresOn: dayAfter(last) })], '', TODAY)).toBeUndefined();
  });
});
