import { parentPort, workerData } from 'node:worker_threads';
import { shiftedDate } from './shifted-date.ts';

/** The data that the provider gets when it starts. */
export type ProviderSettings = {
  /** 0 takes any free port. */
  readonly port: number;
  readonly audience: string;
  /** Where a login of the console leads to. */
  readonly consoleUrl: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** The private keys. The first one signs. */
  readonly keys: readonly { readonly kty: string }[];
  readonly clockOffset: BigInt64Array;
};

/** Sent once: where the provider listens, or why it cannot. */
export type ProviderMessage = { readonly issuer: string } | { readonly code: string; readonly message: string };

const settings: ProviderSettings = workerData;
const post = (message: ProviderMessage) => parentPort?.postMessage(message);

// Before the libraries are loaded, so that tokens have the stack's time, wherever its clock was moved.
globalThis.Date = shiftedDate(settings.clockOffset);

const { serveProvider } = await import('./openid-provider.ts');
try {
  post({ issuer: await serveProvider(settings) });
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  post({ code, message: String(error) });
}
