/**
 * The typed environment of a function. A function lists its keys, the stack must give a value for each of them to
 * compile, and the handler reads them here once.
 */
export type Environment<Key extends string> = Readonly<Record<Key, string>>;

/**
 * Reads the function's environment. Throws at the function's start and names the missing keys, so that a wrong
 * deployment shows before the first event.
 */
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
