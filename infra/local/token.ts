import { parseArgs } from 'node:util';
import { defined } from '../../shared/licensing/defined.ts';
import { tokenOf } from './token-of.ts';

const USAGE =
  'npm run -s token -- --tenant acme --role administrator (or viewer, or operator without a tenant) [--user olga] [--name "Olga Berg"]';

/**
 * Prints an access token of the running local stack's issuer: `npm run -s token -- --tenant acme --role administrator`.
 */
try {
  console.log(await tokenOf(process.env['LOCAL_DIR'] ?? '.local', optionsOf(process.argv.slice(2))));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function optionsOf(args: string[]) {
  try {
    const text = { type: 'string' } as const;
    const options = { tenant: text, role: text, user: text, name: text };
    const { tenant, role, user, name } = parseArgs({ args, options }).values;
    if (role === undefined || (tenant === undefined) !== (role === 'operator')) throw new Error('incomplete');
    return defined({ role, tenant, user, name });
  } catch {
    throw new Error(`Usage: ${USAGE}`);
  }
}
