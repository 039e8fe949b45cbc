import { randomInt } from 'node:crypto';
import { dynamoDbClient } from '../aws/dynamodb-client.ts';
import { dynamoDbTable } from '../aws/dynamodb-table.ts';
import { cachedTenants, readTenant } from '../store/read-tenant.ts';
import { systemClock } from './clock.ts';
import { log } from './log.ts';
import { seededRandom } from './random.ts';

/**
 * What every function is composed of: the table, the machine's clock, a source of randomness whose seed stands in the
 * log, and the log. `answeredWithin`: how many ms one try of a call to the table may take, where somebody waits.
 */
export function composeService({ TABLE_NAME }: { readonly TABLE_NAME: string }, answeredWithin?: number) {
  const seed = randomInt(2 ** 31);
  log('started', { seed });
  const clock = systemClock;
  const table = dynamoDbTable(dynamoDbClient(answeredWithin), TABLE_NAME, clock.pause);
  return { table, clock, random: seededRandom(seed), log, readTenant: cachedTenants(readTenant(table), clock) };
}
