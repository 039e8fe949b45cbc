/** Returns an instant as the text that a field for date and time has, in a time zone: `2026-05-03T14:03`. */
export function localOf(timeZone: string, instant: string): string {
  const shown = new Date(instant).toLocaleString('sv-SE', { timeZone });
  return shown.slice(0, 16).replace(' ', 'T');
}

/**
 * Returns the instant of a date and time in a time zone. A time that a clock shows twice means the first of the two; one
 * that it skips means the moment after. Undefined for a text that is not a date and time.
 */
export function instantOf(timeZone: string, local: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local)) return undefined;
  const wanted = Date.parse(`${local}:00Z`);
  if (Number.isNaN(wanted)) return undefined;
  // The offset of a zone is at most a day, so the right one is that of one of these moments.
  const offsets = [-DAY_MS, 0, DAY_MS].map((shift) => offsetAt(timeZone, wanted + shift)).toSorted((a, b) => b - a);
  const fitting = offsets.find((offset) => offsetAt(timeZone, wanted - offset) === offset);
  return new Date(wanted - (fitting ?? offsets.at(-1) ?? 0)).toISOString();
}

const DAY_MS = 86_400_000;

function offsetAt(timeZone: string, instant: number): number {
  const shown = new Date(instant).toLocaleString('sv-SE', { timeZone });
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(instant / 1000) * 1000;
}
