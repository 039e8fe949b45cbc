import { startEngine } from '../contracts/real-table.ts';
import { benchConsole } from './console.ts';
import { benchHostile } from './hostile.ts';
import { benchLogins } from './logins.ts';
import { benchProofs } from './proofs.ts';
import { benchQuestions } from './questions.ts';
import { benchReading } from './reading.ts';
import { benchRenewals } from './renewals.ts';
import { benchStarting } from './starting.ts';
import { benchStorms } from './storms.ts';
import { benchUsage } from './usage.ts';
import { benchWriting } from './writing.ts';

/* `npm run bench` runs all; `npm run bench -- reading writing` only what is named. JSON lines, and a table for people. */

const BENCHES = {
  starting: benchStarting,
  proofs: benchProofs,
  storms: benchStorms,
  reading: benchReading,
  hostile: benchHostile,
  writing: benchWriting,
  logins: benchLogins,
  renewals: benchRenewals,
  usage: benchUsage,
  questions: benchQuestions,
  console: benchConsole,
} as const;

const named = process.argv.slice(2);
const unknown = named.find((name) => !(name in BENCHES));
if (unknown === undefined) await run();
else {
  console.error(`There is no bench ${unknown}, but ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 2;
}

async function run(): Promise<void> {
  const engine = await startEngine();
  try {
    for (const [name, bench] of Object.entries(BENCHES)) {
      if (named.length === 0 || named.includes(name)) await bench(engine);
    }
  } finally {
    await engine.stop();
  }
}
