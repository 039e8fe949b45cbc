import type { Acknowledgment } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IndexName } from '../../shared/platform/ports/table-definition.ts';
import { type ItemGrant, itemStatements } from './item-grants.ts';

/** What a function may do with items. No `Scan`: nothing here reads the table of all tenants from end to end. */
type ItemAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem';
type ExecutionAction = 'StartExecution' | 'DescribeExecution' | 'StopExecution';
type ObjectAction = 'GetObject' | 'GetObjectVersion' | 'PutObject';

export interface Grants {
  /** A transaction needs the action of each of its parts, and no action of its own. */
  readonly items: readonly ItemAction[];
  readonly indexes?: readonly IndexName[];
  readonly objects?: readonly { readonly actions: readonly ObjectAction[]; readonly keys: string }[];
  /** Objects that it may not put, although `objects` has a pattern which they fit. */
  readonly neverPuts?: string;
  /** Without it S3 answers "access denied" for an object that is gone, and a deleted upload would look like our fault. */
  readonly tellsMissingObjects?: boolean;
  /** Of the renewal's state machine. */
  readonly executions?: readonly ExecutionAction[];
  /** Whether it tells events on the service's bus. */
  readonly publishes?: boolean;
  /** Whether it reads the tenants' secrets. */
  readonly secrets?: boolean;
  /** Whether it reads the key of the stage, for hashes that stand for people. */
  readonly stageKey?: boolean;
}

/** A card is put or updated, a license put or updated, a vacancy put or deleted. */
const CHANGE = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] as const;

/** What the administrator's commands need, called directly or over HTTP. */
const ADMINISTER = {
  items: [...CHANGE, 'BatchGetItem', 'Query', 'ConditionCheckItem'],
  indexes: ['by-tenant', 'by-folder', 'by-expiry', 'by-idle-deadline'],
  objects: [
    { actions: ['GetObject', 'GetObjectVersion', 'PutObject'], keys: 'tenants/*/renewals/*' },
    // Also for the forms of uploads: they may do what their signer may.
    { actions: ['PutObject'], keys: 'tenants/*/uploads/*' },
  ],
  neverPuts: 'tenants/*/*.report.json',
  tellsMissingObjects: true,
  executions: ['StartExecution', 'DescribeExecution', 'StopExecution'],
  stageKey: true,
} as const satisfies Grants;

/** Per function exactly the calls that its code makes; a test reads the code and compares. */
export const GRANTS = {
  'import-licenses': {
    items: [...CHANGE, 'BatchGetItem', 'Query'],
    objects: [
      { actions: ['GetObject', 'GetObjectVersion'], keys: 'tenants/*/uploads/*' },
      { actions: ['PutObject'], keys: 'tenants/*/uploads/*.report.json' },
    ],
    tellsMissingObjects: true,
    stageKey: true,
  },
  login: { items: [...CHANGE, 'Query'], indexes: ['by-idle-deadline'] },
  'end-session': { items: CHANGE },
  'session-hooks': { items: [...CHANGE, 'Query'], indexes: ['by-idle-deadline'], secrets: true },
  administer: ADMINISTER,
  'admin-api': ADMINISTER,
  'publish-events': { items: ['GetItem', 'Query', 'PutItem'], publishes: true },
  'deliver-webhook': { items: ['GetItem'], secrets: true },
  'record-history': { items: ['GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'], stageKey: true },
  'end-idle-sessions': { items: [...CHANGE, 'BatchGetItem'], indexes: ['by-idle-deadline'] },
  'begin-renewal': { items: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'], indexes: ['by-expiry'] },
  'import-held-back': {
    items: [...CHANGE, 'BatchGetItem', 'Query'],
    objects: [
      { actions: ['GetObject', 'GetObjectVersion'], keys: 'tenants/*/renewals/*' },
      { actions: ['PutObject'], keys: 'tenants/*/renewals/*.report.json' },
    ],
    tellsMissingObjects: true,
    stageKey: true,
  },
  'switch-licenses': { items: [...CHANGE, 'Query'] },
  'find-next-step': { items: ['GetItem', 'Query', 'UpdateItem'] },
  'clean-up': { items: [...CHANGE, 'Query'] },
  'finish-renewal': { items: ['GetItem', 'Query', 'UpdateItem', 'DeleteItem'] },
  'undo-licenses': { items: [...CHANGE, 'Query'] },
  'stop-renewal': { items: ['GetItem', 'Query', 'UpdateItem', 'DeleteItem'] },
  'audit-tenants': {
    items: [...CHANGE, 'BatchGetItem', 'Query', 'ConditionCheckItem'],
    indexes: ['by-tenant'],
  },
  'clean-up-tenants': {
    items: [...CHANGE, 'BatchGetItem', 'Query', 'ConditionCheckItem'],
    indexes: ['by-tenant', 'by-folder', 'by-expiry'],
  },
} as const satisfies Record<string, Grants>;

/**
 * Keys of all tenants match one pattern, by design: a function serves every tenant, and it takes the tenant from the
 * key. `*` in it is what the rule pack asks a reason for; the finding's name has the tokens as they are read.
 */
export function acknowledgments(
  grants: Grants,
  { bucketArn, stateMachineArn, secretsArn, parametersArn }: GrantedResources,
): Acknowledgment[] {
  const { objects = [], executions, secrets } = grants;
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

export interface GrantedResources {
  readonly tableArn: string;
  readonly bucketArn: string;
  readonly stateMachineArn: string;
  readonly eventBusArn: string;
  /** Of all tenants' secrets in Secrets Manager, and in the Parameter Store. */
  readonly secretsArn: string;
  readonly parametersArn: string;
  readonly stageKeyArn: string;
}

export function policyStatements(grants: Grants, itemGrant: ItemGrant, resources: GrantedResources): PolicyStatement[] {
  const { tableArn, bucketArn, stateMachineArn, eventBusArn, secretsArn, parametersArn, stageKeyArn } = resources;
  const allow = (actions: readonly string[], arns: string[]) =>
    new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: arns });
  const { items, indexes = [], objects = [], neverPuts, tellsMissingObjects = false, executions = [] } = grants;
  const { publishes = false, secrets = false, stageKey = false } = grants;
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:*`;
  return [
    ...itemStatements(items, itemGrant, tableArn),
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
