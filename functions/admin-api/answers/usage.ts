import * as z from 'zod/mini';
import { codesOf } from '../../../shared/licensing/sentences.ts';
import { DENIAL_REASONS } from '../../../shared/licensing/vocabulary.ts';
import { access, licenseClass } from './licenses.ts';
import { count, cursor, day, instant, text } from './values.ts';

const pool = { folder: text, ...licenseClass };
const by = z.enum(['day', 'hour']);

/** The licenses of a pool by their state. `owned` also counts those whose term has not begun. */
export const pools = z.strictObject({
  pools: z.array(
    z.strictObject({
      ...pool,
      owned: count,
      free: count,
      assigned: count,
      inUse: count,
      releasing: count,
      heldBack: count,
      setAside: count,
      expired: count,
    }),
  ),
});

const denied = { denied: z.record(text, count), deniedUsers: z.record(text, count) };

export const usage = z.strictObject({
  days: z.array(
    z.strictObject({ day, pools: z.array(z.strictObject({ ...pool, peak: count, inUse: count })), ...denied }),
  ),
});

/** `from` is when the day or the hour began. `peak` and `owned` are the most at one moment of it. */
export const peaks = z.strictObject({
  by,
  peaks: z.array(
    z.strictObject({
      day,
      from: instant,
      pools: z.array(z.strictObject({ ...pool, peak: count, owned: count })),
      ...denied,
      denials: z.array(z.strictObject({ folder: text, access, reason: z.enum(DENIAL_REASONS), count, users: count })),
    }),
  ),
  cursor,
});

const need = { day, from: instant, inUse: count, denied: count, needed: count, owned: count };

/** A pool has the period in which most was needed, and all periods in which somebody needed it. */
export const needs = z.strictObject({
  from: day,
  to: day,
  by,
  assumptions: z.array(z.strictObject({ code: z.enum(codesOf('needs')), text })),
  pools: z.array(z.strictObject({ ...pool, ...need, periods: z.array(z.strictObject(need)) })),
});
