/** How often each measurement is made. */
export const REPETITIONS = Number(process.env['REPETITIONS'] ?? 3);

export async function timed<Results>(work: () => Promise<Results>) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const results = await work();
  const used = process.cpuUsage(cpu);
  return { results, seconds: (performance.now() - start) / 1_000, cpuMs: (used.user + used.system) / 1_000 };
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
