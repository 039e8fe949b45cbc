/**
 * The typed environment of a function: it lists its keys in `env.ts`, the stack does not compile without a value for each
 * of them, and the handler reads them here once.
 */
export type Environment<Key extends string> = Readonly<Record<Key, string>>;

/** Throws at the function's start, naming what is missing: a wrong deployment shows before the first event. */
export function readEnvironment<Key extends string>(
  keys: readonly Key[],
  variables: NodeJS.ProcessEnv = process.env,
): Environment<Key> {
  if (!hasAll(variables, keys)) {
    throw new Error(`Missing in the environment: ${keys.filter((key) => !variables[key]).join(', ')}`);
  }
  return variables;
}

function hasAll<Key extends string>(
  variables: NodeJS.ProcessEnv,
  keys: readonly Key[],
): variables is NodeJS.ProcessEnv & Record<Key, string> {
  return keys.every((key) => variables[key]);
}
