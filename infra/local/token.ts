import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { readSecrets } from './issuer.ts';

const USAGE =
  'npm run -s token -- --tenant acme --role administrator (or viewer, or operator without a tenant) [--user olga]';

/** Prints an access token of the running local stack's issuer: `npm run -s token -- --tenant acme --role administrator`. */
try {
  console.log(await token(process.env['LOCAL_DIR'] ?? '.local', optionsOf(process.argv.slice(2))));
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

async function token(dir: string, bearer: Record<string, string>): Promise<string> {
  const endpoints = join(dir, 'endpoints.json');
  if (!existsSync(endpoints)) {
    throw new Error(`No local stack runs on ${dir}. Start it with npm start; LOCAL_DIR names another state folder.`);
  }
  const { issuer } = z.object({ issuer: z.string() }).parse(JSON.parse(readFileSync(endpoints, 'utf8')));
  const { client } = readSecrets(dir);
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...bearer }),
  }).catch(() => {
    throw new Error(`Nothing answers at ${issuer}: the local stack of ${dir} has ended. Start it with npm start.`);
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`The issuer refuses: ${JSON.stringify(answer)}`);
  return z.object({ access_token: z.string() }).parse(answer).access_token;
}
