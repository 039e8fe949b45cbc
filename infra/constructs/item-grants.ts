import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { KindGrant } from '../../functions/function-card.ts';
import { ITEM_KINDS } from '../../shared/store/item-kinds.ts';

const READS = /^(GetItem|BatchGetItem|Query)$/;

/**
 * Reads of the table, and writes of the granted kinds. A transaction needs the action of each of its parts; whether its
 * keys are judged part by part or together, no allowed one is refused: all writes share one list, and what is not to be
 * deleted is denied only where nothing else is named.
 */
export function itemStatements(
  actions: readonly string[],
  { writes, deletes }: KindGrant,
  tableArn: string,
): PolicyStatement[] {
  const named = (some: readonly string[]) => some.map((action) => `dynamodb:${action}`);
  const reads = actions.filter((action) => READS.test(action));
  const changes = actions.filter((action) => !READS.test(action));
  const kept = Object.keys(ITEM_KINDS).filter(
    (kind) => (writes ?? Object.keys(ITEM_KINDS)).some((one) => one === kind) && !deletes.some((one) => one === kind),
  );
  return [
    new PolicyStatement({ actions: named(reads), resources: [tableArn] }),
    ...(changes.length === 0
      ? []
      : [
          new PolicyStatement({
            actions: named(changes),
            resources: [tableArn],
            ...(writes === undefined ? {} : { conditions: { 'ForAllValues:StringLike': leading(writes) } }),
          }),
        ]),
    ...(changes.includes('DeleteItem')
      ? [
          new PolicyStatement({
            effect: Effect.DENY,
            actions: ['dynamodb:DeleteItem'],
            resources: [tableArn],
            conditions: {
              'ForAllValues:StringLike': leading(kept),
              Null: { 'dynamodb:LeadingKeys': 'false' },
            },
          }),
        ]
      : []),
  ];
}

const leading = (kinds: readonly string[]) => ({ 'dynamodb:LeadingKeys': kinds.map((kind) => `${kind}#*`) });
