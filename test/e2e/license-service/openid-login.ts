import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import Provider from 'oidc-provider';
import { aBrowser } from './browser.ts';

const CLIENT = { id: 'esm-web', secret: 'a-secret-of-the-application' };
const REDIRECT = 'http://127.0.0.1:9/callback';

export async function serve(handle: Parameters<typeof createServer>[1]): Promise<{ server: Server; url: string }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** An OpenID provider that tells an application's hook of logouts by back channel, and a browser that uses it. */
export async function openIdProvider(backchannelLogoutUri: string) {
  let provider: Provider | undefined;
  const { server, url: issuer } = await serve((request, response) => provider?.callback()(request, response));
  const failures: unknown[] = [];
  provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [REDIRECT],
        backchannel_logout_uri: backchannelLogoutUri,
        backchannel_logout_session_required: true,
      },
    ],
    cookies: { keys: ['a-key-of-the-cookies'] },
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
    // Its own way out refuses every address of this machine, and gives up after 2.5 s, which a busy machine may take.
    fetch: (url, { dispatcher: _guard, signal: _patience, ...plain }: RequestInit = {}) => fetch(url, plain),
    pkce: { required: () => false },
  });
  provider.on('backchannel.error', (_context, error) => failures.push(error));

  const browser = aBrowser(issuer, REDIRECT);
  return {
    issuer,
    audience: CLIENT.id,
    jwks: `${issuer}/jwks`,
    failures,
    close: () => server.close(),
    /** Logs in at the provider's own pages; what the application then knows. */
    async logIn(user: string): Promise<{ readonly idToken: string; readonly sub: string; readonly sid: string }> {
      const wanted = { client_id: CLIENT.id, redirect_uri: REDIRECT, response_type: 'code', scope: 'openid' };
      const login = await browser.open(`/auth?${new URLSearchParams(wanted)}`);
      const consent = await browser.open(login.url, { prompt: 'login', login: user, password: 'any' });
      const back = await browser.open(consent.url, { prompt: 'consent' });
      const code = new URL(back.url).searchParams.get('code') ?? '';
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${CLIENT.id}:${CLIENT.secret}`)}` },
        body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT }),
      });
      const { id_token: idToken } = (await response.json()) as { id_token: string };
      const { sub = '', sid } = decodeJwt(idToken);
      return { idToken, sub, sid: String(sid) };
    },
    async logOut(idToken: string): Promise<void> {
      const page = await browser.open(`/session/end?${new URLSearchParams({ id_token_hint: idToken })}`);
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      await browser.open('/session/end/confirm', { xsrf, logout: 'yes' });
    },
  };
}
