import { readdirSync } from 'node:fs';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import type { KindGrant } from '../../functions/function-card.ts';
import { FUNCTIONS } from '../../functions/functions.ts';
import { synthesize } from '../../infra/local/synthesize.ts';
import { defined } from '../../shared/licensing/defined.ts';
import { ITEM_KINDS } from '../../shared/store/item-kinds.ts';
import { isAllowed, rolePolicies, TABLE_ARN } from './role-policies.ts';

const folders = readdirSync(new URL('../../functions', import.meta.url), { withFileTypes: true })
  .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  .toSorted();
/** The kinds of items that a function's card grants. */
const kindsOf = (name: string): KindGrant => FUNCTIONS[name as keyof typeof FUNCTIONS].kinds;
/** They let a tenant's administrator upload a file. */
const ADMINISTERING = ['administer', 'admin-api'];
/** They check or make signatures. */
const KNOWING = ['session-hooks', 'deliver-webhook'];
/** They hash people for records that last. */
const HASHING = ['administer', 'admin-api', 'record-history', 'import-licenses', 'import-held-back'];
const everybody = (call: readonly [string, string, string?]) => folders.map((name) => [name, ...call] as const);

let policies: ReturnType<typeof rolePolicies>;
beforeAll(async () => {
  policies = rolePolicies(await synthesize());
});

const LICENSE = 'L#acme#A1000001';
const BUCKET = 'arn:aws:s3:::licenseservice-000000000000-eu-north-1';
const UPLOAD = `${BUCKET}/tenants/acme/uploads/may.zip`;
const SECRET = 'arn:aws:secretsmanager:eu-north-1:000000000000:secret:esm-license-service/acme/webhook-AbCdEf';
const OTHER_SECRET = 'arn:aws:secretsmanager:eu-north-1:000000000000:secret:another-service/key-AbCdEf';
const STAGE_KEY = 'arn:aws:secretsmanager:eu-north-1:000000000000:secret:LicenseService-stage-key-AbCdEf';
const OTHER_TABLE = TABLE_ARN.replace('licenses', 'other');
const callOf = (action: string, resource: string, key?: string) => ({
  action,
  resource,
  ...(key === undefined ? {} : { keys: [key] }),
});

const DENIED: readonly (readonly [name: string, action: string, resource: string, key?: string])[] = [
  ...everybody(['dynamodb:Scan', TABLE_ARN]),
  ...everybody(['dynamodb:DeleteTable', TABLE_ARN]),
  ...everybody(['dynamodb:GetItem', OTHER_TABLE, LICENSE]),
  ...everybody(['dynamodb:DeleteItem', TABLE_ARN, LICENSE]),
  ...everybody(['dynamodb:DeleteItem', TABLE_ARN, 'H#acme#A1000001']),
  ...everybody(['dynamodb:DeleteItem', TABLE_ARN, 'I#acme#import-1']),
  ...everybody(['dynamodb:DeleteItem', TABLE_ARN, 'COMMAND#acme#2026-03']),
  ...everybody(['dynamodb:DeleteItem', TABLE_ARN, 'ACTOR#acme#2026-03']),
  ...everybody(['secretsmanager:GetSecretValue', STAGE_KEY]).filter(([name]) => !HASHING.includes(name)),
  ...everybody(['secretsmanager:PutSecretValue', STAGE_KEY]),
  ...everybody(['dynamodb:PartiQLDelete', TABLE_ARN, LICENSE]),
  ...everybody(['s3:DeleteObject', UPLOAD]),
  ...everybody(['s3:PutObject', UPLOAD]).filter(([name]) => !ADMINISTERING.includes(name)),
  ...everybody(['secretsmanager:GetSecretValue', SECRET]).filter(([name]) => !KNOWING.includes(name)),
  ...everybody(['s3:GetObject', 'arn:aws:s3:::another-bucket/tenants/acme/uploads/may.zip']),
  ...everybody(['secretsmanager:GetSecretValue', OTHER_SECRET]),
  ...everybody(['secretsmanager:PutSecretValue', SECRET]),
  ...everybody(['lambda:InvokeFunction', 'arn:aws:lambda:eu-north-1:000000000000:function:LicenseService-administer']),
  ['login', 's3:GetObject', UPLOAD],
  ...['PutItem', 'UpdateItem', 'DeleteItem'].map(
    (action) => ['calendar-feed', `dynamodb:${action}`, TABLE_ARN, 'CALENDAR#acme'] as const,
  ),
  ['deliver-webhook', 's3:GetObject', UPLOAD],
  ['deliver-webhook', 'dynamodb:PutItem', TABLE_ARN, 'U#acme#ada'],
  ['deliver-webhook', 'dynamodb:DeleteItem', TABLE_ARN, 'WEBHOOK#acme'],
  ['deliver-webhook', 'dynamodb:UpdateItem', TABLE_ARN, LICENSE],
  ['publish-events', 'dynamodb:PutItem', TABLE_ARN, LICENSE],
  ['publish-events', 'dynamodb:PutItem', TABLE_ARN, 'WEBHOOK#acme'],
  ['record-history', 'dynamodb:PutItem', TABLE_ARN, LICENSE],
  ['record-history', 'dynamodb:PutItem', TABLE_ARN, 'T#acme'],
  ['record-history', 'dynamodb:DeleteItem', TABLE_ARN, 'POOL#acme#1'],
  ['clean-up-daily', 'dynamodb:PutItem', TABLE_ARN, 'POOL#acme#1'],
  ['login', 'dynamodb:PutItem', TABLE_ARN, 'T#acme'],
  ['login', 'dynamodb:PutItem', TABLE_ARN, 'COMMAND#acme#2026-03'],
  ['import-licenses', 'dynamodb:PutItem', TABLE_ARN, 'E#acme#digest'],
  ['login', 'dynamodb:UpdateItem', TABLE_ARN, 'R#acme#2027'],
  ['end-session', 'dynamodb:PutItem', TABLE_ARN, 'HOOK#acme'],
  ['import-licenses', 'dynamodb:DeleteItem', TABLE_ARN, 'U#acme#ada'],
  ['import-licenses', 'dynamodb:PutItem', TABLE_ARN, 'T#acme'],
  ['import-licenses', 'dynamodb:PutItem', TABLE_ARN, 'R#acme#2027'],
  ['clean-up-renewal', 'dynamodb:DeleteItem', TABLE_ARN, 'R#acme#2027'],
  ['clean-up-daily', 'dynamodb:DeleteItem', TABLE_ARN, 'T#acme'],
  ['stop-renewal', 'dynamodb:UpdateItem', TABLE_ARN, LICENSE],
  ['administer', 'events:PutEvents', 'arn:aws:events:eu-north-1:000000000000:event-bus/LicenseService'],
];

describe('IAM denies', () => {
  test.each(DENIED)('%s: %s of %s %s', async (name, action, resource, key) => {
    expect(await isAllowed(policies.get(name!) ?? [], callOf(action!, resource!, key))).toBe(false);
  });
});

describe('IAM allows', () => {
  test.each([
    ['import-licenses', 'dynamodb:DeleteItem', 'V#acme#root'],
    ['import-licenses', 'dynamodb:PutItem', LICENSE],
    ['login', 'dynamodb:PutItem', 'U#acme#ada'],
    ['finish-renewal', 'dynamodb:DeleteItem', 'T#acme'],
    ['administer', 'dynamodb:DeleteItem', 'WEBHOOK#acme'],
    ['administer', 'dynamodb:PutItem', 'T#acme'],
  ] as const)('%s: %s of %s', async (name, action, key) => {
    expect(await isAllowed(policies.get(name) ?? [], callOf(action, TABLE_ARN, key))).toBe(true);
  });

  test.each(HASHING)('%s: to read the key of the stage', async (name) => {
    expect(await isAllowed(policies.get(name) ?? [], callOf('secretsmanager:GetSecretValue', STAGE_KEY))).toBe(true);
  });

  test.each(folders)('%s: its transactions, whether their keys are judged one by one or together', async (name) => {
    const { writes = Object.keys(ITEM_KINDS), deletes } = kindsOf(name);
    const together = writes.map((kind) => `${kind}#acme#1`);
    const ask = (action: string, keys: readonly string[] | undefined) =>
      isAllowed(policies.get(name) ?? [], defined({ action, resource: TABLE_ARN, keys }));

    for (const kind of deletes) {
      expect(await ask('dynamodb:DeleteItem', [`${kind}#acme#1`])).toBe(true);
      expect(await ask('dynamodb:DeleteItem', together)).toBe(true);
      expect(await ask('dynamodb:DeleteItem', undefined)).toBe(true);
    }
  });
});

/**
 * The kinds of items that a function only reads: its bundle names them, and it may not write them. The bundle contains
 * only code that the handler reaches. If the code names a new kind, add the kind here or grant its writes.
 */
test.each([
  ['admin-api', []],
  ['administer', []],
  ['begin-renewal', ['L', 'U']],
  ['calendar-feed', ['CALENDAR', 'T']],
  ['clean-up-renewal', ['T']],
  ['clean-up-daily', ['D', 'POOL']],
  ['deliver-webhook', ['T']],
  ['end-idle-sessions', []],
  ['end-session', ['T']],
  ['find-next-step', ['T']],
  ['finish-renewal', []],
  ['import-held-back', ['E', 'T']],
  ['import-licenses', ['E', 'T']],
  ['login', ['T']],
  ['publish-events', ['T', 'V']],
  ['record-history', ['E', 'T', 'U']],
  ['session-hooks', ['HOOK', 'HOOKSCOPE', 'T']],
  ['stop-renewal', []],
  ['switch-licenses', ['T']],
  ['undo-licenses', ['T']],
] as const)('%s lists what it may write, and only reads %j', (name, onlyReads) => {
  const named = kindsInCode(name);
  const { writes = named }: { readonly writes?: readonly string[] } = kindsOf(name);

  expect(writes.filter((kind) => !named.includes(kind))).toEqual([]);
  expect(named.filter((kind) => !writes.some((one) => one === kind)).toSorted()).toEqual(onlyReads);
  expect(named.filter((kind) => !(kind in ITEM_KINDS))).toEqual([]);
});

test('every function is in the list above', () => {
  expect(Object.keys(FUNCTIONS).toSorted()).toEqual(folders);
});

function kindsInCode(name: string): readonly string[] {
  const { outputFiles } = buildSync({
    entryPoints: [`functions/${name}/handler.ts`],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    packages: 'external',
  });
  const keys =
    outputFiles[0]!.text.split(/^(?=\/\/ \S+\.ts$)/m).find((part) => part.startsWith('// shared/store/keys.ts')) ?? '';
  // The partitions of the indexes are no items.
  const ofItems = keys.replace(/var partitions = \{[\s\S]*?\n\};/, '');
  return [...new Set([...ofItems.matchAll(/(?:pk: |return )`([A-Z]+)#/g)].map(([, kind = '']) => kind))];
}
