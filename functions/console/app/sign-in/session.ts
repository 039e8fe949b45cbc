import * as oauth from 'oauth4webapi';
import type { ConsoleSettings } from '../../settings.ts';
import { type Journey, readJourney } from './journey.ts';
import { safePage } from './safe-page.ts';
import { failureOf, isRefused, readDescription, type SignInFailure } from './sign-in-failure.ts';

/** Tokens live in this module alone: never in a store of the browser, never in an address. */
type Tokens = {
  readonly access: string;
  readonly refresh: string | undefined;
  readonly id: string | undefined;
  /** On the browser's monotonic clock. */
  readonly endsAt: number;
};

export type SessionState =
  | { readonly kind: 'signed-in' }
  /** `hasEnded` after a session whose end the person did not ask for here. */
  | { readonly kind: 'signed-out'; readonly hasEnded: boolean }
  | ({ readonly kind: 'failed' } & SignInFailure);

const JOURNEY = 'console.journey';
/** Whether this tab had a session: then a reload signs in again without a question. */
const HAD_SESSION = 'console.had-session';
const RENEW_BEFORE_MS = 30_000;
const FALLBACK_SECONDS = 300;

let settings: ConsoleSettings | undefined;
let server: oauth.AuthorizationServer | undefined;
let tokens: Tokens | undefined;
let renewing: Promise<boolean> | undefined;
let state: SessionState = { kind: 'signed-out', hasEnded: false };
const listeners = new Set<() => void>();
const otherTabs = new BroadcastChannel('console.session');

export const sessionState = () => state;

/** Where people sign in, and as which client. */
export const signInSettings = () => ({ issuer: settings?.issuer ?? '', client: settings?.clientId ?? '' });

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

/**
 * Finishes a sign-in whose answer is in the address, or renews the session of a tab that was reloaded. Returns the page
 * to show, or `undefined` when the browser is on its way to the provider.
 */
export async function openSession(given: ConsoleSettings): Promise<string | undefined> {
  settings = given;
  otherTabs.onmessage = () => forget({ hasEnded: true });
  const here = new URL(location.href);
  const page = `${here.pathname}${here.search}`;
  if (here.searchParams.has('state') && (here.searchParams.has('code') || here.searchParams.has('error'))) {
    return finishSignIn(here);
  }
  if (sessionStorage.getItem(HAD_SESSION) === null) return page;
  await signIn(page, 'none');
  return state.kind === 'failed' ? page : undefined;
}

/** Sends the browser to the provider. With the prompt `none` the provider asks nothing, and may say that it must. */
export async function signIn(page: string, prompt?: 'none'): Promise<void> {
  try {
    const { authorization_endpoint: address = '' } = await discover();
    const { clientId = '', scopes = '' } = settings ?? {};
    const journey: Journey = { verifier: oauth.generateRandomCodeVerifier(), state: oauth.generateRandomState(), page };
    sessionStorage.setItem(JOURNEY, JSON.stringify(journey));
    const url = new URL(address);
    const parameters = {
      client_id: clientId,
      redirect_uri: redirectUri(),
      response_type: 'code',
      scope: scopes,
      state: journey.state,
      code_challenge: await oauth.calculatePKCECodeChallenge(journey.verifier),
      code_challenge_method: 'S256',
      ...(prompt !== undefined && { prompt }),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    location.assign(url);
  } catch (error) {
    become({ kind: 'failed', ...failureOf(error) });
  }
}

async function finishSignIn(here: URL): Promise<string> {
  const journey = takeJourney();
  const home = '/console/';
  if (journey === undefined) return home;
  try {
    const as = await discover();
    const client = oauthClient();
    const callback = oauth.validateAuthResponse(as, client, here, journey.state);
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.None(),
      callback,
      redirectUri(),
      journey.verifier,
      insecureOnThisMachine(),
    );
    keep(await oauth.processAuthorizationCodeResponse(as, client, response));
  } catch (error) {
    sessionStorage.removeItem(HAD_SESSION);
    const failure = failureOf(error);
    const mustAsk = failure.why === 'failed' && MUST_ASK.includes(failure.code);
    become(mustAsk ? { kind: 'signed-out', hasEnded: true } : { kind: 'failed', ...failure });
  }
  return safePage(journey.page) ?? home;
}

/** The provider answers so when it was told to ask nothing, and has to. */
const MUST_ASK = ['login_required', 'interaction_required', 'consent_required', 'account_selection_required'];

function takeJourney(): Journey | undefined {
  const text = sessionStorage.getItem(JOURNEY);
  sessionStorage.removeItem(JOURNEY);
  return readJourney(text);
}

function keep(answer: oauth.TokenEndpointResponse): void {
  tokens = {
    access: answer.access_token,
    refresh: answer.refresh_token ?? tokens?.refresh,
    id: answer.id_token ?? tokens?.id,
    endsAt: performance.now() + (answer.expires_in ?? FALLBACK_SECONDS) * 1000,
  };
  sessionStorage.setItem(HAD_SESSION, 'yes');
  become({ kind: 'signed-in' });
}

/** Returns an access token that is valid for a while, or nothing without a session. */
export async function token(): Promise<string | undefined> {
  if (tokens !== undefined && performance.now() > tokens.endsAt - RENEW_BEFORE_MS) await renewToken();
  return tokens?.access;
}

/** Renews the tokens. A refresh token is used once, so calls at the same time share one renewal. */
export function renewToken(): Promise<boolean> {
  renewing ??= renew().finally(() => {
    renewing = undefined;
  });
  return renewing;
}

async function renew(): Promise<boolean> {
  if (tokens === undefined) return false;
  const { refresh } = tokens;
  if (refresh === undefined) {
    forget({ hasEnded: true });
    return false;
  }
  try {
    const as = await discover();
    const client = oauthClient();
    const response = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), refresh, insecureOnThisMachine());
    keep(await oauth.processRefreshTokenResponse(as, client, response));
    return true;
  } catch (error) {
    if (isRefused(error)) forget({ hasEnded: true });
    return false;
  }
}

function forget({ hasEnded }: { readonly hasEnded: boolean }): void {
  tokens = undefined;
  sessionStorage.removeItem(HAD_SESSION);
  become({ kind: 'signed-out', hasEnded });
}

/** Ends the session here, in other tabs and at the provider. */
export async function signOut(): Promise<void> {
  const id = tokens?.id;
  const refresh = tokens?.refresh;
  forget({ hasEnded: false });
  otherTabs.postMessage('signed-out');
  const as = await discover();
  if (refresh !== undefined && as.revocation_endpoint !== undefined) {
    await oauth
      .revocationRequest(as, oauthClient(), oauth.None(), refresh, insecureOnThisMachine())
      .catch(() => undefined);
  }
  if (as.end_session_endpoint === undefined || id === undefined) return;
  const url = new URL(as.end_session_endpoint);
  url.searchParams.set('id_token_hint', id);
  url.searchParams.set('post_logout_redirect_uri', redirectUri());
  location.assign(url);
}

const redirectUri = () => `${location.origin}/console/`;

const oauthClient = (): oauth.Client => ({ client_id: settings?.clientId ?? '' });

/** Only the provider of the local stack is reached without TLS: it runs on the same machine. */
const insecureOnThisMachine = () => ({
  [oauth.allowInsecureRequests]: ['127.0.0.1', 'localhost'].includes(new URL(settings?.issuer ?? '').hostname),
});

async function discover(): Promise<oauth.AuthorizationServer> {
  if (server !== undefined) return server;
  const issuer = new URL(settings?.issuer ?? '');
  const response = await oauth.discoveryRequest(issuer, insecureOnThisMachine());
  server = await readDescription(issuer, response, settings?.providerOrigins ?? []);
  return server;
}
