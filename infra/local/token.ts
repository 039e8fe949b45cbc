import { parseArgs } from 'node:util';
import { tokenOf } from './token-of.ts';

const USAGE =
  'npm run -s token -- --tenant acme --role administrator (or viewer, or operator without a tenant) [--user olga]';

/** Prints an access token of the running local stack's issuer: `npm run -s token -- --tenant acme --role administrator`. */
try {
  console.log(await tokenOf(process.env['LOCAL_DIR'] ?? '.local', optionsOf(process.argv.slice(2))));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function optionsOf(args: string[]) {
  try {
    const text = { type: 'string' } as const;
    const { tenant, role, user } = parseArgs({ args, options: { tenant: text, role: text, user: text } }).values;
    if (role === undefined || (tenant === undefined) !== (role === 'operator')) throw new Error('incomplete');
    return { role, ...(tenant !== undefined && { tenant }), ...(user !== undefined && { user }) };
  } catch {
    throw new Error(`Usage: ${USAGE}`);
  }
}
