import { InnerAddress, publicCall } from '../platform/public-call.ts';

/** The outcome of a delivery: the status of the response, or why there was none. */
export type PostAnswer = { readonly status: number } | { readonly failed: 'address' | 'time' | 'connection' };

export type PostWebhook = (
  url: string,
  message: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
) => Promise<PostAnswer>;

/**
 * How long one delivery may take in all, in milliseconds: looking up the name, connecting, the request, and the head of
 * the response.
 */
const ANSWERED_WITHIN = 5_000;

/** Returns a function that posts to public addresses only (`publicCall`). It reads only the status of the response. */
export function postWebhook({
  mayBeLocal,
  answeredWithin = ANSWERED_WITHIN,
}: {
  readonly mayBeLocal: boolean;
  readonly answeredWithin?: number;
}): PostWebhook {
  return (text, { body, headers }) =>
    new Promise((resolve) => {
      const failed = (error: unknown) => resolve({ failed: error instanceof InnerAddress ? 'address' : 'connection' });
      const url = new URL(text);
      try {
        const { request, options } = publicCall(url, { mayBeLocal });
        const call = request(url, { ...options, method: 'POST', headers }, (response) => {
          resolve({ status: response.statusCode ?? 0 });
          response.destroy();
        });
        const timer = setTimeout(() => {
          resolve({ failed: 'time' });
          call.destroy();
        }, answeredWithin);
        call.on('error', failed);
        call.on('close', () => clearTimeout(timer));
        call.end(body);
      } catch (error) {
        failed(error);
      }
    });
}
