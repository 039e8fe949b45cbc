import { headersOf, hookSettings } from '../../shared/sign-in/providers/hook-request.ts';
import { cachedKeySets } from '../../shared/sign-in/providers/key-sets.ts';
import { PROVIDERS } from '../../shared/sign-in/providers/providers.ts';
import { readHook } from '../../shared/sign-in/providers/read-hook.ts';
import { questionOf, samples } from '../sign-in/providers/samples.ts';
import { median, REPETITIONS, timed } from './measuring.ts';

/*
 * What it costs to verify and translate one call of each provider, its keys cached: processor time in ms, the median of
 * the repetitions. Done is under 2 ms.
 */

const CALLS = 200;

export async function benchProofs(): Promise<void> {
  const rows: Record<string, string | number>[] = [];
  for (const provider of PROVIDERS) {
    const sample = samples.find(({ file, expect }) => file.startsWith(`${provider}/`) && expect.outcome === 'events');
    if (sample === undefined) continue;
    const { delivery, now, method = 'POST', path = '', headers = {}, body, settings } = questionOf(sample);
    const request = { delivery: delivery as 'http', method, path, headers: headersOf(headers), body };
    const context = { now, keySets: cachedKeySets(() => Promise.reject(new Error('nothing is fetched here'))) };
    const configured = hookSettings.parse(settings);
    const read = async () => {
      const { outcome } = await readHook(provider, request, configured, context);
      if (outcome !== 'events') throw new Error(`${sample.file} came out as ${outcome}`);
    };
    await read();
    const costs: number[] = [];
    for (let repetition = 1; repetition <= REPETITIONS; repetition += 1) {
      const { cpuMs } = await timed(async () => {
        for (let call = 1; call <= CALLS; call += 1) await read();
      });
      costs.push(cpuMs / CALLS);
      console.log(JSON.stringify({ proof: sample.file, repetition, cpuMs: cpuMs / CALLS }));
    }
    rows.push({ call: sample.file, 'CPU ms': median(costs).toFixed(3) });
  }
  console.table(rows);
}
