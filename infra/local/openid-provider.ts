import { createServer } from 'node:http';
import Provider, { type Configuration, errors } from 'oidc-provider';
import * as z from 'zod/mini';
import type { ProviderSettings } from './openid-worker.ts';

/** The claims of a token about its bearer, which are requested beside the grant. */
const bearer = z.object({
  tenant: z.optional(z.string()),
  role: z.enum(['administrator', 'viewer', 'operator']),
  user: z._default(z.string(), 'local'),
});

/**
 * An OpenID provider on 127.0.0.1 whose one client gets access tokens (RFC 9068) of an hour for any tenant, role and
 * user that it asks for: it stands for a provider's login and its user management. Answers the issuer.
 */
export async function serveProvider({ port, ...settings }: ProviderSettings): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
  server.on('request', new Provider(issuer, configuration(settings)).callback());
  return issuer;
}

function configuration({ audience, client, keys }: Omit<ProviderSettings, 'port'>): Configuration {
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
    ],
    jwks: { keys: [...keys] },
    cookies: { keys: [client.secret] },
    ttl: { ClientCredentials: 3600 },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
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
        jwt: ({ oidc }, _token, { payload }) => {
          const reading = bearer.safeParse(oidc.body);
          if (!reading.success) throw new errors.InvalidRequest('name a role: administrator, viewer or operator');
          const { user, ...claims } = reading.data;
          Object.assign(payload, claims, { sub: user });
        },
      },
    },
  };
}
