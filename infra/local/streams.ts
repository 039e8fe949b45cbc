import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import type { DueWork } from './due-work.ts';
import { passes } from './filter-criteria.ts';
import type { Lambdas } from './lambda-endpoint.ts';
import { recall, remember } from './state.ts';
import { readShard, type StreamRecord, shardsOf } from './stream-reader.ts';
import { REGION, type Template } from './template.ts';

const mappingProperties = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z._default(z.number(), 100),
  MaximumRetryAttempts: z._default(z.number(), -1),
  BisectBatchOnFunctionError: z._default(z.boolean(), false),
  FunctionResponseTypes: z._default(z.array(z.string()), []),
  FilterCriteria: z._default(z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }), { Filters: [] }),
});
type Mapping = z.infer<typeof mappingProperties> & { readonly id: string; readonly table: string };

const partialFailure = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** Delivers the streams of tables to the functions that the template maps to them, in order and at least once. */
export function openStreams(
  template: Template,
  {
    state,
    dynamodb,
    lambdas,
  }: { readonly state: DatabaseSync; readonly dynamodb: string; readonly lambdas: Pick<Lambdas, 'find' | 'invoke'> },
): DueWork {
  const mappings = mappingsIn(template);
  let underWay: Promise<boolean> | undefined;
  let halted = false;

  async function catchUp(): Promise<boolean> {
    let delivered = false;
    for (const mapping of mappings) {
      for (const shard of await shardsOf(dynamodb, mapping.table)) {
        const place = `stream ${mapping.id} ${shard.id}`;
        for (;;) {
          const records = await readShard(dynamodb, shard, { after: recall(state, place), limit: mapping.BatchSize });
          const done = await deliver(mapping, records);
          if (halted || done === 0) break;
          remember(state, place, records[done - 1]?.dynamodb.SequenceNumber ?? '');
          delivered = true;
        }
      }
    }
    return delivered;
  }

  /** Returns how many of the records are handled. */
  async function deliver(mapping: Mapping, records: readonly StreamRecord[]): Promise<number> {
    const lambda = lambdas.find(mapping.FunctionName);
    let left = records;
    for (let failures = 0; left.length > 0 && lambda !== undefined && !halted; ) {
      const sent = left
        .filter((record) => passes(mapping.FilterCriteria, record))
        .map((record) => ({ ...record, awsRegion: REGION, eventSourceARN: mapping.EventSourceArn }));
      if (sent.length === 0) return records.length;
      const result = await lambdas.invoke(lambda, JSON.stringify({ Records: sent }));
      const handled = result.ok ? handledOf(left, mapping, result.payload) : 0;
      failures = handled > 0 ? 0 : failures + 1;
      left = left.slice(handled);
      if (handled === 0 && mapping.BisectBatchOnFunctionError && left.length > 1) {
        const half = left.slice(0, Math.ceil(left.length / 2));
        const handledHalf = await deliver(mapping, half);
        left = left.slice(handledHalf);
        if (handledHalf < half.length) break;
      } else if (mapping.MaximumRetryAttempts >= 0 && failures > mapping.MaximumRetryAttempts) {
        console.error(`${lambda.name} refused records of the stream ${failures} times; they were passed over`);
        left = [];
      } else if (handled === 0) {
        // AWS retries this record until it expires. Here the next round begins with it again.
        if (mapping.MaximumRetryAttempts < 0) break;
      }
    }
    return records.length - left.length;
  }

  return {
    startDue() {
      if (mappings.length > 0 && underWay === undefined && !halted) {
        underWay = catchUp()
          .catch((error: unknown) => {
            if (!halted) console.error(`Reading the stream failed: ${String(error)}`);
            return false;
          })
          .finally(() => {
            underWay = undefined;
          });
      }
    },
    async settle() {
      const before = (await underWay) ?? false;
      this.startDue();
      return ((await underWay) ?? false) || before;
    },
    halt() {
      halted = true;
    },
  };
}

function mappingsIn(template: Template): Mapping[] {
  const tables = [...template.ofType('AWS::DynamoDB::Table'), ...template.ofType('AWS::DynamoDB::GlobalTable')];
  return template.ofType('AWS::Lambda::EventSourceMapping').flatMap(([id, { Properties }]) => {
    const mapping = mappingProperties.parse(Properties);
    // `message-queues.ts` and `fifo-queues.ts` serve the mappings of queues.
    if (mapping.EventSourceArn.includes(':sqs:')) return [];
    const table = tables.find(([logicalId]) => mapping.EventSourceArn.startsWith(`${template.arn(logicalId)}/stream/`));
    if (table === undefined) {
      throw new Error(`The local stack delivers streams of tables only, not ${mapping.EventSourceArn}`);
    }
    return [{ ...mapping, id, table: template.physicalName(table[0]) }];
  });
}

/** A function that reports single failures has handled the records before the first of them. */
function handledOf(records: readonly StreamRecord[], mapping: Mapping, payload: string): number {
  const answer = partialFailure.safeParse(JSON.parse(payload));
  if (!mapping.FunctionResponseTypes.includes('ReportBatchItemFailures') || !answer.success) return records.length;
  const failed = new Set(answer.data.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const first = records.findIndex(({ dynamodb }) => failed.has(dynamodb.SequenceNumber));
  return first < 0 ? records.length : first;
}
