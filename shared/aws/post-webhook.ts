import { InnerAddress, publicCall } from '../platform/public-call.ts';

/** What came of a delivery: the status that answered, or why there was none. */
export type PostAnswer = { readonly status: number } | { readonly failed: 'address' | 'time' | 'connection' };

export type PostWebhook = (
  url: string,
  message: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
) => Promise<PostAnswer>;

/** All of one delivery: name, connection, request and the answer's head. */
const ANSWERED_WITHIN = 5_000;

/** Posts to public addresses only (`publicCall`); of the answer only the status is read. */
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
