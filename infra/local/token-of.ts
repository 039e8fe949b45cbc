import * as z from 'zod/mini';
import { readEndpoints } from './endpoints.ts';
import { readSecrets } from './issuer.ts';

/** Returns an access token of the local stack that runs on a folder, for a tenant, a role and a user. */
export async function tokenOf(dir: string, bearer: Readonly<Record<string, string>>): Promise<string> {
  const { issuer } = readEndpoints(dir);
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
