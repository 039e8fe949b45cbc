import fc from 'fast-check';
import { expect, it } from 'vitest';
import { beginning } from '../../shared/licensing/beginning.ts';

it('cuts a text before a surrogate pair that does not fit, and nowhere else', () => {
  expect(beginning('ab😀', 3)).toBe('ab');
  expect(beginning('ab😀', 4)).toBe('ab😀');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, most) => {
      const cut = beginning(text, most);
      expect(text.startsWith(cut) && cut.isWellFormed()).toBe(true);
      expect(cut.length).toBeGreaterThanOrEqual(Math.min(text.length, most) - 1);
      expect(cut.length).toBeLessThanOrEqual(most);
    }),
  );
});
