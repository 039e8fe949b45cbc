import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { readSecrets } from './issuer.ts';

/** An access token of the local stack that runs on a folder, as its issuer gives it for a tenant, role and user. */
export async function tokenOf(dir: string, bearer: Readonly<Record<string, string>>): Promise<string> {
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
