import { randomBytes, randomUUID } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { exportJWK, generateKeyPair } from 'jose';
import * as z from 'zod/mini';
import type { Clock } from './clock.ts';
import { portTaken } from './http.ts';
import type { ProviderMessage, ProviderSettings } from './openid-worker.ts';

export type Issuer = {
  readonly url: string;
  readonly stop: () => Promise<void>;
};

/** The audience of the local tokens. */
export const AUDIENCE = 'urn:esm-license-service:local';
/** The public client that the console is. */
export const CONSOLE_CLIENT = 'esm-console';

const issuerSecrets = z.object({
  client: z.object({ id: z.string(), secret: z.string() }),
  keys: z.array(z.looseObject({ kty: z.string() })),
});
type Secrets = z.infer<typeof issuerSecrets>;

/**
 * The file of secrets in the state folder. Only its owner may read it, because whoever reads it can act as anybody at
 * this stack.
 */
const SECRETS_FILE = 'issuer.json';

/** Runs the stack's OpenID provider in a worker with the stack's time. It logs to `logs/issuer.log`. */
export async function startIssuer(
  dir: string,
  { port, clock, consoleUrl }: { readonly port: number; readonly clock: Clock; readonly consoleUrl: string },
): Promise<Issuer> {
  const secrets = existsSync(join(dir, SECRETS_FILE)) ? readSecrets(dir) : await makeSecrets(dir);
  const workerData: ProviderSettings = { ...secrets, port, audience: AUDIENCE, consoleUrl, clockOffset: clock.offset };
  const worker = new Worker(new URL('./openid-worker.ts', import.meta.url), {
    workerData,
    stdout: true,
    stderr: true,
    execArgv: [],
  });
  const logs = join(dir, 'logs');
  mkdirSync(logs, { recursive: true });
  const log = createWriteStream(join(logs, 'issuer.log'), { flags: 'a' });
  worker.stdout.pipe(log, { end: false });
  worker.stderr.pipe(log, { end: false });
  const stop = async (): Promise<void> => {
    await worker.terminate();
    log.end();
  };
  const message = await new Promise<ProviderMessage>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  if ('issuer' in message) return { url: message.issuer, stop };
  await stop();
  throw message.code === 'EADDRINUSE' ? portTaken('issuer', port) : new Error(message.message);
}

export function readSecrets(dir: string): Secrets {
  return issuerSecrets.parse(JSON.parse(readFileSync(join(dir, SECRETS_FILE), 'utf8')));
}

async function makeSecrets(dir: string): Promise<Secrets> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kty: 'RSA', kid: randomUUID(), alg: 'RS256', use: 'sig' };
  const secrets = { client: { id: 'local', secret: randomBytes(32).toString('base64url') }, keys: [key] };
  writeFileSync(join(dir, SECRETS_FILE), JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
