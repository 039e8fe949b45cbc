import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { KindGrant } from '../../functions/function-card.ts';
import { ITEM_KINDS } from '../../shared/store/item-kinds.ts';

const READS = /^(GetItem|BatchGetItem|Query)$/;

/**
 * Grants reads of the table, and writes of the given kinds of items. A transaction needs the action of each of its
 * parts. IAM may judge its keys part by part or together, so no allowed transaction may fail either way: all writes
 * share one list of keys, and a deletion is denied only if it names nothing that may be deleted.
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
    ...(reads.length === 0 ? [] : [new PolicyStatement({ actions: named(reads), resources: [tableArn] })]),
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
