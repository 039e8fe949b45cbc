import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { systemClock } from '../../shared/platform/clock.ts';
import { type Differences, restoreTenant } from './restore-tenant.ts';

const USAGE = `Copies one tenant back from a restored table. Without --write it only shows what differs.

npm run -s restore-tenant -- --from RESTORED --to TABLE --tenant TENANT [--write]`;

try {
  const { from, to, tenant, write } = parseArgs({
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      tenant: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  }).values;
  if (from === undefined || to === undefined || tenant === undefined) throw new Error(USAGE);
  const deps = { client: new DynamoDBClient(), clock: systemClock };
  const differences = await restoreTenant(deps, { from, to, tenantId: tenant }, { write });
  console.log(described(differences, write));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function described({ put, deleted }: Differences, isWritten: boolean): string {
  const lines = [
    ...Object.entries(put).map(([kind, count]) => `${count} items of the kind ${kind} were missing or different`),
    ...Object.entries(deleted).map(([kind, count]) => `${count} items of the kind ${kind} came later`),
  ];
  if (lines.length === 0) return 'Nothing differs.';
  return [
    ...lines,
    isWritten ? 'All of them are as in the restored table now.' : 'Nothing was changed: add --write.',
  ].join('\n');
}
