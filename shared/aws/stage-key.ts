/**
 * How a function reads the key of the stage: from Secrets Manager, or on the local stack from the environment. The client
 * is loaded by the first read. Throws when there is none: without the key no person's name may be kept.
 */
export function stageKey(secretArn: string): () => Promise<string> {
  return async () => {
    // Set by the local stack alone.
    const { LOCAL_STAGE_KEY: local } = process.env;
    const key = local ?? (await (await import('./secrets-manager.ts')).readSecretsManager(secretArn));
    if (key === undefined || key === '') throw new Error('the key of the stage is not there');
    return key;
  };
}
