import { defined } from '../../shared/licensing/defined.ts';
import { type Figures, type RunFacts, s1, s2, s3, s5, s6, s7, s8, spreadOf } from '../simulation/scenarios.ts';
import { seeds } from '../simulation/seeds.ts';

/*
 * Counts what a login costs in the storms of the conflict simulator. Its time is virtual, and units are counted by the
 * documented rules, so all machines have the same figures. They are means over all logins of all seeds. `SEEDS=20` sets
 * the number of seeds.
 */

type Storm = readonly [name: string, run: (facts: RunFacts) => Promise<Figures>, width?: number];

const POOLS = [10_000, 100_000] as const;

const STORMS: readonly Storm[] = [
  ['S1', s1, 8],
  ['S1, folder unknown', (facts) => s1({ ...facts, knowsFolders: false }), 8],
  ...POOLS.map((pool): Storm => [`S1, ${pool} licenses`, (facts) => s1({ ...facts, pool }), 8]),
  ['S1', s1, 64],
  ['S2', s2, 64],
  ['S3', s3, 64],
  ['S4', s1, 500],
  ['S5, 60 s', s5],
  ['S6', s6, 64],
  ['S7', s7, 64],
  ['S8, 20,000 imported', s8, 8],
];

export async function benchStorms(): Promise<void> {
  const rows: ({ readonly storm: string } & ReturnType<typeof costsOf>)[] = [];
  for (const [name, run, width] of STORMS) {
    const runs: Figures[] = [];
    for (const seed of seeds(1)) {
      runs.push(await run(defined({ seed, width })));
    }
    const row = { storm: name, width, seeds: runs.length, ...costsOf(runs) };
    console.log(JSON.stringify(row));
    rows.push(row);
  }
  console.table(rows);
  const [small, large] = POOLS.map((pool) => rows.find(({ storm }) => storm === `S1, ${pool} licenses`));
  if (small === undefined || large === undefined) return;
  const figures = ['rounds', 'calls', 'read units', 'write units', 'with index'] as const;
  const ratios = figures.map((figure) => [figure, rounded(large[figure] / small[figure])] as const);
  console.log(JSON.stringify({ bench: 'storms', ratio: `${POOLS[1]} ÷ ${POOLS[0]}`, ...Object.fromEntries(ratios) }));
}

function costsOf(runs: readonly Figures[]) {
  const done = runs.flatMap((run) => run.done);
  const mean = (of: (one: (typeof done)[number]) => number): number => rounded(spreadOf(done.map(of)).mean);
  const attempts = spreadOf(done.map(({ receipt }) => receipt.attempts));
  return {
    logins: done.length,
    allocated: done.filter(({ receipt }) => receipt.outcome === 'allocated').length,
    failed: runs.reduce((sum, { failed }) => sum + failed, 0),
    violations: runs.reduce((sum, { violations }) => sum + violations.length, 0),
    'attempts mean': rounded(attempts.mean),
    p99: attempts.p99,
    rounds: mean(({ counts }) => counts.rounds),
    calls: mean(({ counts }) => counts.calls),
    'read units': mean(({ units }) => units.read),
    'write units': mean(({ units }) => units.write),
    'with index': mean(({ units }) => units.write + units.indexWrite),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
