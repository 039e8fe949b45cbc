import { type DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Table, Write } from '../../shared/platform/ports/table.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import { cachedTenants, readTenant } from '../../shared/store/read-tenant.ts';
import type { Engine, EngineTable } from '../contracts/real-table.ts';
import { countingTable } from '../fakes/counting-table.ts';
import { atOnce } from '../fakes/interleaving.ts';
import { aPool, overSubscribed, users } from '../fakes/storms.ts';
import { aUserCard, aWorld, NOW, type WorldFacts } from '../fakes/world.ts';
import { spreadOf } from '../simulation/scenarios.ts';
import { REPETITIONS, timed } from './measuring.ts';

/*
 * Compares logins with bare loops of three-item transactions on the same engine, one after the other in each
 * repetition, so that other load of the machine affects both. Counts are exact. Times are valid for this machine and
 * this run only. The bare loops write small items without indexes. A second comparison writes the claims of these logins
 * again, on a fresh table. The first one shows what the items and indexes cost, the second one what reading, judging and
 * retrying cost.
 * `AWS_ENDPOINT_URL_DYNAMODB` names another engine, for example DynamoDB Local.
 */

type Scenario = {
  readonly name: string;
  readonly width: number;
  readonly facts: () => WorldFacts;
  readonly logins: () => readonly { readonly user: string; readonly session: string }[];
};

type Figures = {
  readonly logins: number;
  readonly allocated: number;
  readonly attempts: { readonly mean: number; readonly p99: number };
  readonly rounds: { readonly mean: number; readonly p99: number };
  readonly calls: number;
  readonly perSecond: number;
  readonly cpuMs: number;
};

const BARE = 500;

const once = (count: number) => users(count).map((user) => ({ user, session: 's1' }));
const cards = (count: number) => users(count).map((user) => aUserCard({ user }));
const full = (): WorldFacts => ({ licenses: aPool(500, { folderId: 'finance' }, 'F'), cards: cards(500) });

const SCENARIOS: readonly Scenario[] = [
  { name: 'S1 500 users, 500 licenses', width: 8, facts: full, logins: () => once(500) },
  { name: 'S1 500 users, 500 licenses', width: 64, facts: full, logins: () => once(500) },
  { name: 'S2 500 users, 300 licenses over four steps', width: 64, facts: overSubscribed, logins: () => once(500) },
  {
    name: 'S3 25 users, 20 logins each at once',
    width: 64,
    facts: () => ({ licenses: aPool(100, { folderId: 'finance' }, 'F'), cards: cards(25) }),
    logins: () => users(25).flatMap((user) => Array.from({ length: 20 }, (_, at) => ({ user, session: `s${at}` }))),
  },
];

const clock = {
  now: () => NOW,
  pause: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
};

async function measureLogins(table: Table, scenario: Scenario, seed: number) {
  const { elsewhere } = await aWorld({ ...scenario.facts(), table, seed });
  const claims: (readonly Write[])[] = [];
  const recording: Table = {
    ...table,
    write: async (writes) => {
      const answer = await table.write(writes);
      if (answer.done && writes.length === 3) claims.push(writes);
      return answer;
    },
  };
  const memory = {
    cardHints: new Map(
      users(500).map((user) => [`acme ${user}`, { folderId: 'finance', access: 'write' as const }] as const),
    ),
    vacancyHints: new Map(),
    random: seededRandom(seed),
    readTenant: cachedTenants(readTenant(table), clock),
    clock,
  };
  await memory.readTenant('acme');

  const { results, seconds, cpuMs } = await timed(() =>
    atOnce(scenario.logins(), scenario.width, async ({ user, session }) => {
      const counting = countingTable(recording);
      const receipt = await elsewhere({ ...memory, table: counting.table }).login(user, { session });
      return { receipt, counts: counting.counts };
    }),
  );
  const figures: Figures = {
    logins: results.length,
    allocated: results.filter(({ receipt }) => receipt.outcome === 'allocated').length,
    attempts: spreadOf(results.map(({ receipt }) => receipt.attempts)),
    rounds: spreadOf(results.map(({ counts }) => counts.rounds)),
    calls: spreadOf(results.map(({ counts }) => counts.calls)).mean,
    perSecond: results.length / seconds,
    cpuMs: cpuMs / results.length,
  };
  return { figures, claims };
}

/** The claims alone, as they were written, on a table like the one they met. */
async function measureClaims(table: Table, scenario: Scenario, claims: readonly (readonly Write[])[]) {
  await aWorld({ ...scenario.facts(), table });
  const { results, seconds } = await timed(() => atOnce(claims, scenario.width, (writes) => table.write(writes)));
  if (results.some(({ done }) => !done)) throw new Error('a claim was refused where nobody else was');
  return { perSecond: results.length / seconds };
}

/** As many transactions as a login's claim is, on items of their own: what the engine can do at best. */
async function measureBare(client: DynamoDBClient, { name, table }: EngineTable, width: number) {
  const numbers = Array.from({ length: BARE }, (_, index) => index);
  const run = `${performance.now()}`;
  const keyOf = (kind: string, index: number) => ({ pk: `${kind}#${run}#${index}`, sk: 'ITEM' });
  for (let start = 0; start < BARE; start += 30) {
    const some = numbers.slice(start, start + 30);
    await table.write(some.flatMap((at) => ['card', 'vacancy', 'license'].map((kind) => ({ put: keyOf(kind, at) }))));
  }
  const key = (kind: string, index: number) => ({ pk: { S: keyOf(kind, index).pk }, sk: { S: 'ITEM' } });
  const update = (kind: string, index: number) => ({
    Update: {
      TableName: name,
      Key: key(kind, index),
      UpdateExpression: 'SET holder = :holder, since = :since ADD version :one',
      ConditionExpression: 'attribute_not_exists(holder)',
      ExpressionAttributeValues: { ':holder': { S: 'ada' }, ':since': { S: NOW }, ':one': { N: '1' } },
    },
  });
  const { seconds, cpuMs } = await timed(() =>
    atOnce(numbers, width, (index) =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            update('card', index),
            {
              Delete: {
                TableName: name,
                Key: key('vacancy', index),
                ConditionExpression: 'attribute_exists(pk)',
              },
            },
            update('license', index),
          ],
        }),
      ),
    ),
  );
  return { perSecond: BARE / seconds, cpuMs: cpuMs / BARE };
}

export async function benchLogins(engine: Engine): Promise<void> {
  const rows: Record<string, string | number>[] = [];
  for (const scenario of SCENARIOS) {
    const ratios: {
      readonly rate: number;
      readonly ofClaims: number;
      readonly cpu: number;
      readonly figures: Figures;
    }[] = [];
    for (let repetition = 1; repetition <= REPETITIONS; repetition += 1) {
      const bareTable = await engine.newTable();
      const before = await measureBare(engine.client, bareTable, scenario.width);
      const { figures, claims } = await measureLogins((await engine.newTable()).table, scenario, repetition);
      const alone = await measureClaims((await engine.newTable()).throughSdk, scenario, claims);
      const after = await measureBare(engine.client, bareTable, scenario.width);
      const bare = {
        perSecond: (before.perSecond + after.perSecond) / 2,
        cpuMs: (before.cpuMs + after.cpuMs) / 2,
      };
      const ratio = {
        rate: figures.perSecond / bare.perSecond,
        ofClaims: figures.perSecond / alone.perSecond,
        cpu: figures.cpuMs / bare.cpuMs,
      };
      ratios.push({ ...ratio, figures });
      const { name, width } = scenario;
      console.log(JSON.stringify({ scenario: name, width, repetition, ...figures, bare, claims: alone, ratio }));
    }
    const best = ratios.toSorted((one, other) => other.rate - one.rate)[0];
    if (best === undefined) continue;
    const { figures } = best;
    rows.push({
      scenario: `${scenario.name}, ${scenario.width} at a time`,
      allocated: figures.allocated,
      'attempts mean/p99': `${figures.attempts.mean.toFixed(2)}/${figures.attempts.p99}`,
      'rounds mean/p99': `${figures.rounds.mean.toFixed(2)}/${figures.rounds.p99}`,
      calls: figures.calls.toFixed(2),
      'logins/s ÷ bare': best.rate.toFixed(2),
      // Only where every login claims: else the two are not of the same things.
      '÷ its claims':
        figures.allocated === figures.logins ? Math.max(...ratios.map(({ ofClaims }) => ofClaims)).toFixed(2) : '',
      'CPU ÷ bare': Math.min(...ratios.map(({ cpu }) => cpu)).toFixed(2),
    });
  }
  console.table(rows);
}
