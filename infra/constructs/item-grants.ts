import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { GRANTS } from './grants.ts';

/** What items are called by the first part of their partition key (`shared/store/keys.ts`). */
export const ITEM_KINDS = {
  T: 'tenant, lock of its renewals, marks of its cleanup and audit',
  U: 'user card',
  L: 'license',
  V: 'vacancy',
  I: 'report of an import',
  K: 'upload',
  C: 'content of an upload',
  R: 'renewal',
  H: 'history of a license',
  D: 'history of a day',
  P: 'history of a person',
  E: 'erasure',
  COMMAND: 'entry of an administrator’s command',
  ACTOR: 'who gave a command',
  NAME: 'who a hash in a lasting record is',
  X: 'record that nobody could read',
  Q: 'usage',
  G: 'notice of a pool',
  S: 'owner of a session, and when it ended',
  HOOK: 'hook',
  HOOKSCOPE: 'scope of a hook',
  HOOKEVENT: 'event of a hook',
  COGNITO: 'tenant of a user of Cognito',
  WEBHOOK: 'webhook',
  IDEMPOTENCY: 'request that was answered once',
} as const;
export type ItemKind = keyof typeof ITEM_KINDS;

export interface ItemGrant {
  /** The kinds that it puts, updates, deletes or checks; absent: any. */
  readonly writes?: readonly ItemKind[];
  /** Those of them that it deletes. */
  readonly deletes: readonly ItemKind[];
}

/** A login or an end changes a license, its vacancy, the user's card and whose the session is. A license is never deleted. */
const CHANGES = { writes: ['L', 'V', 'U', 'S'], deletes: ['V'] } as const;
const IMPORTS = ['L', 'V', 'U', 'I', 'K', 'C', 'NAME'] as const;
const STEPS = { writes: ['L', 'V', 'U', 'R'], deletes: ['V'] } as const;
/** The lock of a tenant's renewals stands with the tenant. */
const ENDS = { writes: ['R', 'T'], deletes: ['T'] } as const;
/** A card's marks, a plan's pages and the lock of renewals, an erased person's pointers and old mark, and what was configured. */
const ADMINISTERS = {
  deletes: ['V', 'U', 'R', 'T', 'P', 'E', 'S', 'HOOK', 'HOOKSCOPE', 'COGNITO', 'WEBHOOK'],
} as const;

/** Per function; what its code names but does not write, it only reads (a test lists it). */
export const ITEM_GRANTS: Readonly<Record<keyof typeof GRANTS, ItemGrant>> = {
  'import-licenses': { writes: IMPORTS, deletes: ['V'] },
  login: CHANGES,
  'session-hooks': { writes: ['L', 'V', 'U', 'HOOKEVENT', 'S', 'COGNITO'], deletes: ['V'] },
  'end-session': CHANGES,
  // A tenant whose idle time was made shorter leaves the index.
  'end-idle-sessions': { writes: [...CHANGES.writes, 'T'], deletes: CHANGES.deletes },
  administer: ADMINISTERS,
  'admin-api': { deletes: [...ADMINISTERS.deletes, 'IDEMPOTENCY'] },
  'publish-events': { writes: ['G'], deletes: [] },
  'deliver-webhook': { writes: [], deletes: [] },
  'record-history': { writes: ['H', 'D', 'P', 'X'], deletes: ['P'] },
  'begin-renewal': { writes: ['R', 'T'], deletes: [] },
  'import-held-back': { writes: [...IMPORTS, 'R'], deletes: ['V'] },
  'switch-licenses': STEPS,
  'find-next-step': { writes: ['R'], deletes: [] },
  'clean-up': STEPS,
  'finish-renewal': ENDS,
  'undo-licenses': STEPS,
  'stop-renewal': ENDS,
  'clean-up-tenants': { writes: ['L', 'V', 'U', 'T'], deletes: ['V'] },
  'audit-tenants': { writes: ['L', 'V', 'U', 'T'], deletes: ['V'] },
};

const READS = /^(GetItem|BatchGetItem|Query)$/;

/**
 * Reads of the table, and writes of the granted kinds. A transaction needs the action of each of its parts; whether its
 * keys are judged part by part or together, no allowed one is refused: all writes share one list, and what is not to be
 * deleted is denied only where nothing else is named.
 */
export function itemStatements(
  actions: readonly string[],
  { writes, deletes }: ItemGrant,
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
