import { storedSecrets } from '../../shared/aws/stored-secrets.ts';
import { configuredHooks } from '../../shared/hooks/configured-hooks.ts';
import { fetchJwks, fetchJwksAlsoHere } from '../../shared/identity/fetch-jwks.ts';
import { cachedKeySets } from '../../shared/identity/key-sets.ts';
import { composeForLogin } from '../../shared/runtime/compose-for-login.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { answerCall } from './answer-call.ts';
import { ENVIRONMENT } from './env.ts';
import { within } from './time-budget.ts';

const service = composeForLogin(readEnvironment(ENVIRONMENT));
/** Set by the local stack alone: a folder of secrets, and leave to fetch keys from this machine. */
const { LOCAL_SECRETS: folder } = process.env;
const deps = {
  ...service,
  within,
  hooks: configuredHooks(service.table, storedSecrets(folder), service.clock),
  keySets: cachedKeySets(folder === undefined ? fetchJwks : fetchJwksAlsoHere),
  cardHints: new Map(),
  vacancyHints: new Map(),
};

export const handler = (event: unknown) => answerCall(deps, event);
