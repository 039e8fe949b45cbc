import type { IndexName } from '../shared/platform/ports/table-definition.ts';
import type { ItemKind } from '../shared/store/item-kinds.ts';

/** What the stack gives to functions as environment variables; a function lists those that it reads. */
export type EnvironmentValues = {
  readonly TABLE_NAME: string;
  readonly BUCKET_NAME: string;
  /** Of the queue of uploads that are imported. */
  readonly IMPORT_QUEUE_ARN: string;
  /** Of the renewal. */
  readonly STATE_MACHINE_ARN: string;
  readonly EVENT_BUS_NAME: string;
  readonly METRICS_NAMESPACE: string;
  /** Of the queue of events that no webhook accepted. */
  readonly UNDELIVERED_QUEUE_ARN: string;
  /** The domain of AWS in the partition of the stack's region. */
  readonly URL_SUFFIX: string;
  /** The beginning of the names of all tenants' secrets. */
  readonly SECRETS_PREFIX: string;
  /** Of the secret with the key for hashes that stand for people. */
  readonly STAGE_KEY_ARN: string;
  /** Whose tokens open the administrators' API, and what they call it, the tenant and the role. */
  readonly ISSUER: string;
  readonly AUDIENCE: string;
  readonly TENANT_CLAIM: string;
  readonly ROLE_CLAIM: string;
  /** How the console asks the issuer for tokens. */
  readonly CONSOLE_CLIENT_ID: string;
  readonly CONSOLE_SCOPES: string;
  /** The origins where the console may reach the issuer, with blanks between them. */
  readonly CONSOLE_PROVIDER_ORIGINS: string;
};

/**
 * What a function may do with items. No function may `Scan`: nothing reads the table of all tenants from end to end.
 */
type ItemAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem';
type ExecutionAction = 'StartExecution' | 'DescribeExecution' | 'StopExecution';
type ObjectAction = 'GetObject' | 'GetObjectVersion' | 'PutObject';

/**
 * Everything that the stack must know of a function, in its folder's `function.ts`: its size, its environment and
 * exactly the calls that its code makes. A test reads the bundle and compares; so a card is written out in full,
 * without spreads: the bundler then leaves the card itself out.
 */
export type FunctionCard = {
  /** The processor grows with the memory: one whole core at 1769. */
  readonly memoryMB: number;
  readonly timeoutSeconds: number;
  /**
   * How many concurrent executions production reserves for the function. It never has more, because AWS has no cap
   * without a reservation. A function without a number shares what is left of the account.
   */
  readonly concurrency?: number;
  /**
   * Whether X-Ray samples its calls; absent: yes. A function that runs for every sign-in is traced only when its caller
   * is, because the sampling of Lambda cannot be configured and each trace costs money.
   */
  readonly traced?: false;
  readonly environment: readonly (keyof EnvironmentValues)[];
  readonly grants: Grants;
  readonly kinds: KindGrant;
};

/** The calls that a function may make. */
export type Grants = {
  /** A transaction needs the action of each of its parts, and no action of its own. */
  readonly items: readonly ItemAction[];
  readonly indexes?: readonly IndexName[];
  readonly objects?: readonly { readonly actions: readonly ObjectAction[]; readonly keys: string }[];
  /** Objects that it may not put, although `objects` has a pattern which they fit. */
  readonly neverPuts?: string;
  /**
   * Without it S3 answers "access denied" for an object that is gone, and a deleted upload would look like our fault.
   */
  readonly tellsMissingObjects?: boolean;
  /** Of the renewal's state machine. */
  readonly executions?: readonly ExecutionAction[];
  /** Whether it tells events on the service's bus. */
  readonly publishes?: boolean;
  /** Whether it reads the tenants' secrets. */
  readonly secrets?: boolean;
  /** Whether it reads the key of the stage, for hashes that stand for people. */
  readonly stageKey?: boolean;
};

/** The kinds of items that a function writes. What its code names and does not write, it only reads. */
export type KindGrant = {
  /** The kinds that it puts, updates, deletes or checks; absent: any. */
  readonly writes?: readonly ItemKind[];
  /** The kinds among them that it deletes. */
  readonly deletes: readonly ItemKind[];
};
