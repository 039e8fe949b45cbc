import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { FUNCTION_NAMES, FUNCTIONS } from '../../functions/functions.ts';
import { bundle } from '../../infra/constructs/bundles.ts';
import { median } from './measuring.ts';

/*
 * A cold start's share that is ours: the import of a function's bundle in a new process against that of a bare DynamoDB
 * client, bundled alike, in turns; processor time in ms, medians. Done is a login at 1.20 of bare or less, and 375 KB.
 * The last column is what the source maps cost: the import with them against the same import without them.
 */

const NAMES = ['login', 'end-session', 'session-hooks', 'administer'] as const;
const TIMES = 11;

const SET_BY_LAMBDA = { AWS_REGION: 'eu-north-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

const BARE = `import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({ region: 'eu-north-1' });
export const handler = async (Key) => client.send(new GetItemCommand({ TableName: 'licenses', Key }));`;

const MEASURE = `const before = process.cpuUsage();
await import(process.argv[1]);
const { user, system } = process.cpuUsage(before);
process.stdout.write('\\n' + (user + system) / 1000);`;

export async function benchStarting(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'starting-'));
  try {
    bundle(NAMES, { outdir: folder, debuggable: false });
    buildSync({
      stdin: { contents: BARE, resolveDir: import.meta.dirname },
      outfile: join(folder, 'bare/index.mjs'),
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      minify: true,
      legalComments: 'none',
      mainFields: ['module', 'main'],
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    });
    const costs = new Map<string, { readonly mapped: number; readonly plain: number }[]>();
    for (let time = 1; time <= TIMES; time += 1) {
      for (const name of ['bare', ...NAMES]) {
        const file = join(folder, name, 'index.mjs');
        const cost = { mapped: importCost(file, ['--enable-source-maps']), plain: importCost(file, []) };
        costs.set(name, [...(costs.get(name) ?? []), cost]);
      }
    }
    const bare = median((costs.get('bare') ?? []).map(({ mapped }) => mapped));
    console.table(
      [...costs].map(([name, each]) => {
        const mapped = median(each.map((cost) => cost.mapped));
        const row = {
          bundle: name,
          KB: Math.round(statSync(join(folder, name, 'index.mjs')).size / 1024),
          'CPU ms': mapped.toFixed(1),
          'of bare': (mapped / bare).toFixed(2),
          'of it without source maps': (mapped / median(each.map(({ plain }) => plain))).toFixed(2),
        };
        console.log(JSON.stringify(row));
        return row;
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function importCost(file: string, flags: readonly string[]): number {
  const environment = FUNCTION_NAMES.flatMap((name) => FUNCTIONS[name].environment);
  const env = { ...Object.fromEntries(environment.map((key) => [key, 'any'])), ...SET_BY_LAMBDA };
  const args = [...flags, '--input-type=module', '--eval', MEASURE, file];
  // The last line: a function may log that it started.
  return Number(execFileSync(process.execPath, args, { env, encoding: 'utf8' }).split('\n').at(-1));
}
