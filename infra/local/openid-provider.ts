import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import Provider, { type Configuration, errors } from 'oidc-provider';
import * as z from 'zod/mini';
import { foreignRequest } from './foreign-request.ts';
import { CONSOLE_CLIENT } from './issuer.ts';
import type { ProviderSettings } from './openid-worker.ts';
import { SAMPLE_PEOPLE } from './sample-people.ts';
import { faultPage, loginPage, logoutPage, pageHeaders } from './sign-in-pages.ts';

/** The claims that the caller asks for in the token, beside the parameters of the grant. */
const bearer = z.object({
  tenant: z.optional(z.string()),
  role: z.enum(['administrator', 'viewer', 'operator']),
  user: z._default(z.string(), 'local'),
  name: z.optional(z.string()),
});

type Context = Parameters<Parameters<Provider['use']>[0]>[0];

const HOUR = 3_600;
const FORTNIGHT = 14 * 24 * HOUR;

/**
 * Starts an OpenID provider on 127.0.0.1 and returns its issuer. It stands for a company's login and user management.
 * All its access tokens (RFC 9068) are valid for an hour. The client of the command line gets them for any tenant, role
 * and user that it asks for. The console gets them for the sample person who was chosen on the login page, by code and
 * PKCE, and a new refresh token with each. Sessions end when the stack does.
 */
export async function serveProvider(settings: ProviderSettings): Promise<string> {
  const { port, consoleUrl } = settings;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
  const provider = new Provider(issuer, configuration(settings, new URL(issuer).port));
  const consoleOrigin = new URL(consoleUrl).origin;
  provider.use(async (ctx, next) => {
    ctx.set(pageHeaders(consoleOrigin));
    await next();
    forgetExpiry(ctx);
  });
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    try {
      await showLogin(provider, ctx);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      ctx.status = 400;
      ctx.body = faultPage('This sign-in was finished before, or it has expired.', consoleUrl);
    }
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const refusal = foreignRequest(request, [issuer, consoleOrigin]);
    if (refusal === undefined) void answer(request, response);
    else response.writeHead(403, { 'content-type': 'text/plain' }).end(refusal);
  });
  return issuer;
}

/** Shows the login page, and takes the choice that a person made there. */
async function showLogin(provider: Provider, ctx: Context): Promise<void> {
  await provider.interactionDetails(ctx.req, ctx.res);
  if (ctx.method !== 'POST') {
    ctx.type = 'html';
    ctx.body = loginPage();
    return;
  }
  const chosen = new URLSearchParams(await text(ctx.req)).get('person');
  const person = SAMPLE_PEOPLE.find(({ user }) => user === chosen);
  const result = person === undefined ? NOT_SIGNED_IN : await signIn(provider, person.user);
  ctx.status = 303;
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
}

const NOT_SIGNED_IN = { error: 'access_denied', error_description: 'nobody was chosen' };

/** Whoever signs in to the console agrees to all that it asks for. */
async function signIn(provider: Provider, accountId: string) {
  const grant = new provider.Grant({ accountId, clientId: CONSOLE_CLIENT });
  grant.addOIDCScope('openid offline_access');
  return { login: { accountId }, consent: { grantId: await grant.save() } };
}

/**
 * Lets the cookies end with the browser's session. Their expiry is of the stack's clock, and a browser would drop
 * them at once if that clock stands in the past.
 */
function forgetExpiry(ctx: Context): void {
  const { 'set-cookie': cookies } = ctx.response.headers;
  if (!Array.isArray(cookies)) return;
  ctx.set(
    'set-cookie',
    cookies.map((cookie) => cookie.replace(/; expires=(?!Thu, 01 Jan 1970)[^;]*/gi, '')),
  );
}

function configuration({ audience, client, keys, consoleUrl }: ProviderSettings, port: string): Configuration {
  const accessTokens = { scope: '', audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } } as const;
  return {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
      {
        client_id: CONSOLE_CLIENT,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [consoleUrl],
        post_logout_redirect_uris: [consoleUrl],
      },
    ],
    jwks: { keys: [...keys] },
    cookies: {
      keys: [client.secret],
      // A browser sends the cookies of one port to all ports, and several stacks may run.
      names: { session: `session-${port}`, interaction: `interaction-${port}`, resume: `resume-${port}` },
    },
    ttl: {
      AccessToken: HOUR,
      AuthorizationCode: 60,
      ClientCredentials: HOUR,
      Grant: FORTNIGHT,
      IdToken: HOUR,
      Interaction: HOUR,
      RefreshToken: FORTNIGHT,
      Session: FORTNIGHT,
    },
    scopes: ['openid', 'offline_access'],
    clientBasedCORS: (_context, origin, { clientId }) =>
      clientId === CONSOLE_CLIENT && origin === new URL(consoleUrl).origin,
    findAccount: (_context, sub) =>
      SAMPLE_PEOPLE.some(({ user }) => user === sub) ? { accountId: sub, claims: () => ({ sub }) } : undefined,
    // The library's own rule demands a login at each request for one, so also after each reload of the console.
    issueRefreshToken: (_context, { grantTypes = [] }) => grantTypes.includes('refresh_token'),
    rotateRefreshToken: true,
    renderError(context, { error, error_description }) {
      context.type = 'html';
      context.body = faultPage(`${error}: ${error_description ?? ''}`, consoleUrl);
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        logoutSource(context, form) {
          context.body = logoutPage(form);
        },
        postLogoutSuccessSource: (context) => context.redirect(consoleUrl),
      },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: (_context, resource) => {
          if (resource !== audience) throw new errors.InvalidTarget();
          return accessTokens;
        },
      },
    },
    formats: {
      customizers: {
        jwt: ({ oidc }, token, { payload }) => {
          const person = SAMPLE_PEOPLE.find(({ user }) => token.kind === 'AccessToken' && user === payload['sub']);
          const reading = bearer.safeParse(person ?? oidc.body);
          if (!reading.success) throw new errors.InvalidRequest('name a role: administrator, viewer or operator');
          const { user, ...claims } = reading.data;
          Object.assign(payload, claims, { sub: user });
        },
      },
    },
  };
}
