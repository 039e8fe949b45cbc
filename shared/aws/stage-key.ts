/**
 * Returns a function that reads the key of the stage from Secrets Manager, or on the local stack from the environment.
 * The first read loads the client. Throws when the key is missing: without it no person's name may be stored.
 */
export function stageKey(secretArn: string): () => Promise<string> {
  return async () => {
    // Only the local stack sets it.
    const { LOCAL_STAGE_KEY: local } = process.env;
    const key = local ?? (await (await import('./secrets-manager.ts')).readSecretsManager(secretArn));
    if (key === undefined || key === '') throw new Error('the key of the stage is missing');
    return key;
  };
}
