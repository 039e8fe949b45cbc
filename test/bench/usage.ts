import { aUsageWorld, USAGE_ANSWERS } from '../fakes/usage-world.ts';
import { timed } from './measuring.ts';

const SIZES = [1_000, 100_000];

/** What the answers about pools and usage read, by the number of licenses, with 400 kept days. */
export async function benchUsage(): Promise<void> {
  const rows: Record<string, string | number>[] = [];
  for (const licenses of SIZES) {
    const { metered } = await aUsageWorld(licenses);
    for (const [command, members] of USAGE_ANSWERS) {
      const { results, cpuMs } = await timed(() => metered(command, members));
      const { calls, units, held } = results.meter;
      const bytes = Buffer.byteLength(JSON.stringify(results.answer));
      console.log(JSON.stringify({ bench: 'usage', command, ...members, licenses, calls, units, held, bytes, cpuMs }));
      const by = 'by' in members ? ` by ${members.by}` : '';
      rows.push({ licenses, answer: `${command}${by}`, calls, 'read units': units, 'most held': held, bytes });
    }
  }
  console.table(rows);
}
