import { expect, test } from 'vitest';
import { someDay, someInstant } from '../../../../functions/console/app/shell/address-query.ts';

test.each(['2026-02-28', '2028-02-29', '0001-01-01'])('an address may have the day %s', (day) => {
  expect(someDay(day)).toBe(day);
});

test.each(['2026-02-31', '2026-99-99', '0000-00-00', '2026-2-3', '2026-02-28T00:00', 'NaN', ''])(
  'a day that the calendar does not have is as if it were not in the address: %s',
  (day) => {
    expect(someDay(day)).toBeUndefined();
  },
);

test.each(['2026-05-03T11:03:00.000Z', '2026-05-03T11:03Z'])('an address may have the instant %s', (at) => {
  expect(someInstant(at)).toBe(at);
});

test.each(['2026-05-03', '2026-05-03T14:03', '2026-99-99T00:00Z', '~', '__proto__', '<b>x', 'x'.repeat(5000)])(
  'what is no instant is as if it were not in the address: %s',
  (at) => {
    expect(someInstant(at)).toBeUndefined();
  },
);
