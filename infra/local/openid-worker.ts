import { parentPort, workerData } from 'node:worker_threads';
import { shiftedDate } from './shifted-date.ts';

/** What the provider is told when it starts. */
export type ProviderSettings = {
  /** 0: any free one. */
  readonly port: number;
  readonly audience: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** Private keys; the first one signs. */
  readonly keys: readonly { readonly kty: string }[];
  readonly clockOffset: BigInt64Array;
};

/** Once: where it listens, or why it cannot. */
export type ProviderMessage = { readonly issuer: string } | { readonly code: string; readonly message: string };

const settings: ProviderSettings = workerData;
const post = (message: ProviderMessage) => parentPort?.postMessage(message);

// Before the libraries are loaded: tokens are of the stack's time, wherever its clock was moved to.
globalThis.Date = shiftedDate(settings.clockOffset);

const { serveProvider } = await import('./openid-provider.ts');
try {
  post({ issuer: await serveProvider(settings) });
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  post({ code, message: String(error) });
}
