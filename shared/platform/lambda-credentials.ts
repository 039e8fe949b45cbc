import { readEnvironment } from './environment.ts';

/**
 * Returns the region and the credentials of the running function, for calls that are signed here. Lambda sets them in
 * the environment. Throws when one is missing.
 */
export function lambdaCredentials() {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = readEnvironment([
    'AWS_REGION',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
  ]);
  const { AWS_SESSION_TOKEN } = process.env;
  return {
    region: AWS_REGION,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    },
  };
}
