import type { Acknowledgment } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { FunctionCard } from '../../functions/function-card.ts';
import { itemStatements } from './item-grants.ts';

/**
 * Acknowledges a wildcard in the keys, with a reason for the rule pack. One pattern matches the keys of all tenants by
 * design: a function serves every tenant, and takes the tenant from the key. The finding's name contains the tokens as
 * the pack sees them.
 */
export function acknowledgments(
  card: FunctionCard,
  { bucketArn, stateMachineArn, secretsArn, parametersArn }: GrantedResources,
): Acknowledgment[] {
  const { objects = [], executions, secrets } = card.grants;
  const executionArn = stateMachineArn.replace(':stateMachine:', ':execution:');
  const wide = [
    ...objects.map(({ keys }) => ({
      arn: `${bucketArn}/${keys}`,
      reason: 'One function serves all tenants: the tenant and the name of the file are the variable parts of the key.',
    })),
    ...(executions
      ? [
          {
            arn: `${executionArn}:*`,
            reason: 'An execution is named after the tenant and the renewal: the function serves all of them.',
          },
        ]
      : []),
    ...(secrets ? [secretsArn, parametersArn] : []).map((arn) => ({
      arn,
      reason:
        'A secret is named after its tenant, and tenants come and go without a deployment; nothing else is under this name.',
    })),
  ];
  const readable = (arn: string): string => arn.replaceAll(/\$\{Token\[AWS\.(\w+)\.\d+\]\}/g, '<AWS::$1>');
  return wide.map(({ arn, reason }) => ({ id: `AwsSolutions-IAM5[Resource::${readable(arn)}]`, reason }));
}

export type GrantedResources = {
  readonly tableArn: string;
  readonly bucketArn: string;
  readonly stateMachineArn: string;
  readonly eventBusArn: string;
  /** The ARNs of all tenants' secrets in Secrets Manager and in the Parameter Store. */
  readonly secretsArn: string;
  readonly parametersArn: string;
  readonly stageKeyArn: string;
};

export function policyStatements(card: FunctionCard, resources: GrantedResources): PolicyStatement[] {
  const { tableArn, bucketArn, stateMachineArn, eventBusArn, secretsArn, parametersArn, stageKeyArn } = resources;
  const allow = (actions: readonly string[], arns: string[]) =>
    new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: arns });
  const { items, indexes = [], objects = [], neverPuts, tellsMissingObjects = false, executions = [] } = card.grants;
  const { publishes = false, secrets = false, stageKey = false } = card.grants;
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:*`;
  return [
    ...itemStatements(items, card.kinds, tableArn),
    ...(indexes.length > 0
      ? [
          allow(
            ['dynamodb:Query'],
            indexes.map((index) => `${tableArn}/index/${index}`),
          ),
        ]
      : []),
    ...objects.map(({ actions, keys }) =>
      allow(
        actions.map((action) => `s3:${action}`),
        [`${bucketArn}/${keys}`],
      ),
    ),
    ...(neverPuts === undefined
      ? []
      : [
          new PolicyStatement({
            effect: Effect.DENY,
            actions: ['s3:PutObject'],
            resources: [`${bucketArn}/${neverPuts}`],
          }),
        ]),
    ...executions.map((action) =>
      allow([`states:${action}`], [action === 'StartExecution' ? stateMachineArn : executionArn]),
    ),
    ...(secrets
      ? [allow(['secretsmanager:GetSecretValue'], [secretsArn]), allow(['ssm:GetParameter'], [parametersArn])]
      : []),
    ...(stageKey ? [allow(['secretsmanager:GetSecretValue'], [stageKeyArn])] : []),
    ...(publishes ? [allow(['events:PutEvents'], [eventBusArn])] : []),
    ...(tellsMissingObjects ? [allow(['s3:ListBucket'], [bucketArn])] : []),
  ];
}
