import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  paginateScan,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { Clock } from './clock.ts';
import type { DueWork } from './due-work.ts';
import { REGION, type Template } from './template.ts';

const HOUR = 3_600_000;
/** AWS takes an older time for a mistake, and keeps the item. */
const FIVE_YEARS = 5 * 365 * 24 * HOUR;

const tableProperties = z.object({
  KeySchema: z.array(z.object({ AttributeName: z.string() })),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.literal(true) }),
});
type Expiring = { readonly table: string; readonly keys: readonly string[]; readonly attribute: string };

/**
 * Deletes expired items, once an hour of the stack's clock. AWS promises a few days, so an item that has expired may
 * still be there.
 */
export function openTimeToLive(
  template: Template,
  { clock, dynamodb }: { readonly clock: Clock; readonly dynamodb: string },
): DueWork {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: dynamodb, region: REGION, credentials });
  const tables = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable']
    .flatMap((type) => template.ofType(type))
    .flatMap(([logicalId, { Properties }]): Expiring[] => {
      const { data } = tableProperties.safeParse(Properties);
      if (data === undefined) return [];
      const { KeySchema, TimeToLiveSpecification } = data;
      const keys = KeySchema.map(({ AttributeName }) => AttributeName);
      return [{ table: template.physicalName(logicalId), keys, attribute: TimeToLiveSpecification.AttributeName }];
    });
  let sweptAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<boolean> | undefined;
  let halted = false;

  async function sweep({ table, keys, attribute }: Expiring): Promise<boolean> {
    const now = clock.now();
    const expired: Partial<ScanCommandInput> = {
      ExpressionAttributeNames: { '#ttl': attribute },
      ExpressionAttributeValues: {
        ':now': { N: String(Math.floor(now / 1_000)) },
        ':oldest': { N: String(Math.floor((now - FIVE_YEARS) / 1_000)) },
      },
    };
    const condition = '#ttl BETWEEN :oldest AND :now';
    let deleted = false;
    for await (const { Items = [] } of paginateScan(
      { client },
      { TableName: table, FilterExpression: condition, ...expired },
    )) {
      for (const item of Items) {
        if (halted) return deleted;
        const Key = Object.fromEntries(Object.entries(item).filter(([name]) => keys.includes(name)));
        const deletion = new DeleteItemCommand({ TableName: table, Key, ConditionExpression: condition, ...expired });
        // Somebody may have given the item more time meanwhile.
        await client.send(deletion).catch((error: unknown) => {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        });
        deleted = true;
      }
    }
    return deleted;
  }

  async function sweepAll(): Promise<boolean> {
    const deleted = [];
    for (const table of tables) deleted.push(await sweep(table));
    return deleted.includes(true);
  }

  return {
    startDue() {
      const now = clock.now();
      // If the clock was set back, the next deletion does not wait for the former time.
      if (underWay !== undefined || halted || (now >= sweptAt && now < sweptAt + HOUR)) return;
      sweptAt = now;
      underWay = sweepAll()
        .catch((error: unknown) => {
          if (!halted) console.error(`Deleting expired items failed: ${String(error)}`);
          return false;
        })
        .finally(() => {
          underWay = undefined;
        });
    },
    async settle() {
      return (await underWay) ?? false;
    },
    halt() {
      halted = true;
      client.destroy();
    },
  };
}
