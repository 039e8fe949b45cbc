import { randomInt } from 'node:crypto';
import type { DynamoDb } from '../aws/dynamodb.ts';
import { dynamoDbTable } from '../aws/dynamodb-table.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { log } from '../platform/log.ts';
import { type Random, seededRandom } from '../platform/random.ts';
import { cachedTenants, readTenant } from '../store/read-tenant.ts';

/**
 * Composes the machine's clock, a source of randomness, the log and the table. The log holds the seed of the
 * randomness.
 */
export function composeOn(
  dynamoDbOf: (runtime: { readonly clock: Clock; readonly random: Random }) => DynamoDb,
  tableName: string,
) {
  const seed = randomInt(2 ** 31);
  log('started', { seed });
  const clock = systemClock;
  const random = seededRandom(seed);
  const table = dynamoDbTable(dynamoDbOf({ clock, random }), tableName, clock.pause);
  return { table, clock, random, log, readTenant: cachedTenants(readTenant(table), clock) };
}
