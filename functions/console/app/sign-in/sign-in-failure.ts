import * as oauth from 'oauth4webapi';

/** Why nobody could sign in. The code is what the provider said: an error of OAuth, a status, or an origin. */
export type SignInFailure = {
  readonly why: 'failed' | 'refused' | 'not-described' | 'other-origin' | 'no-answer';
  readonly code: string;
};

class SignInFault extends Error {
  readonly failure: SignInFailure;

  constructor(failure: SignInFailure) {
    super(failure.why);
    this.failure = failure;
  }
}

/** Returns the provider's description. Throws if it is no such description, or if it gives tokens where the console may not connect. */
export async function readDescription(
  issuer: URL,
  response: Response,
  origins: readonly string[],
): Promise<oauth.AuthorizationServer> {
  const described = await oauth.processDiscoveryResponse(issuer, response).catch((error) => {
    throw new SignInFault({ why: 'not-described', code: codeOf(error) });
  });
  for (const name of ['authorization_endpoint', 'token_endpoint'] as const) {
    if (!URL.canParse(described[name] ?? '')) throw new SignInFault({ why: 'not-described', code: name });
  }
  // The policy of the pages forbids other origins, and the browser would only say that nobody answered.
  const { origin } = new URL(described.token_endpoint ?? '');
  if (!origins.includes(origin)) throw new SignInFault({ why: 'other-origin', code: origin });
  return described;
}

/** Returns why a step of the sign-in failed. */
export function failureOf(error: unknown): SignInFailure {
  if (error instanceof SignInFault) return error.failure;
  if (error instanceof oauth.AuthorizationResponseError) return { why: 'failed', code: error.error };
  const code = codeOf(error);
  return { why: code === '' ? 'no-answer' : 'refused', code };
}

/** Whether the provider refused to renew a session. Without an answer, or from a busy provider, it may still be good. */
export function isRefused(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  return status >= 400 && status < 500 && status !== 429;
}

/** Returns the code of an answer that cannot be used, such as `400 invalid_grant`. The code is empty without an answer. */
function codeOf(error: unknown): string {
  const status = statusOf(error)?.toString();
  if (error instanceof oauth.ResponseBodyError) return `${status} ${error.error}`;
  return status ?? (error instanceof oauth.OperationProcessingError ? (error.code ?? error.name) : '');
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError) {
    return error.status;
  }
  return error instanceof oauth.OperationProcessingError && error.cause instanceof Response
    ? error.cause.status
    : undefined;
}
