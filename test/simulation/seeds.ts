/**
 * The seeds to run: `SEED=7` that one alone, to replay it; `SEEDS=20` as many, from 1; else what the test runs every
 * time.
 */
export function seeds(count: number): readonly number[] {
  const { SEED, SEEDS } = process.env;
  if (SEED !== undefined) return [Number(SEED)];
  return Array.from({ length: Number(SEEDS ?? count) }, (_, index) => index + 1);
}
