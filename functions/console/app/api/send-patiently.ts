import { Problem } from './problem.ts';

/** Why and for how long a request waits before it is sent again. */
export type Wait = { readonly code: string; readonly milliseconds: number };

type Deps = {
  readonly send: (request: Request) => Promise<Response>;
  /** Ends after the wait, or as soon as nobody wants the answer any more. */
  readonly wait: (wait: Wait, signal: AbortSignal) => Promise<void>;
};

/** Answers that are worth the same request again, even if they do not say when. */
const RETRIED = [429, 502, 503, 504];
/** How long a request waits at least before each time that it is sent again. */
const PAUSES = [300, 900, 2_700, 8_100];
/** A longer wait is the person's to decide. */
const LONGEST_PAUSE = 30_000;

/**
 * Sends a request, and sends it again while the service is busy, after the time that the service gives. A read may be
 * sent again as it is. A change is sent again only with the key of its intent, which the service executes once.
 */
export async function sendPatiently(request: Request, { send, wait }: Deps): Promise<Response> {
  for (const pause of mayRepeat(request) ? PAUSES : []) {
    const answer = await send(request.clone());
    const given = Number(answer.headers.get('retry-after') ?? 0) * 1_000;
    const isWorthIt = RETRIED.includes(answer.status) || given > 0;
    if (!isWorthIt || given > LONGEST_PAUSE) return answer;
    await wait({ code: await codeOf(answer), milliseconds: Math.max(pause, given) }, request.signal);
  }
  return send(request);
}

const mayRepeat = ({ method, headers }: Request) => method === 'GET' || headers.has('idempotency-key');

async function codeOf(answer: Response): Promise<string> {
  return Problem.of(answer.status, await answer.json().catch(() => undefined)).code;
}
