/**
 * Replaces the SDK's search for credentials (profiles, SSO, instance metadata and more). Lambda provides them in the
 * environment and nowhere else, for as long as the sandbox lives, so a cold start need not load the rest.
 */
export const defaultProvider = () => async () => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error('No AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment');
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
};
