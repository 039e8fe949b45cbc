import { storedSecrets } from '../../shared/aws/stored-secrets.ts';
import { composeCalls } from '../../shared/compose/compose-calls.ts';
import { composeForLogin } from '../../shared/compose/compose-for-login.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { embeddedMetrics } from '../../shared/platform/metrics.ts';
import { configuredHooks } from '../../shared/sign-in/hooks/configured-hooks.ts';
import { noteCallOn } from '../../shared/sign-in/hooks/hook-health.ts';
import { fetchJwks, fetchJwksAlsoHere } from '../../shared/sign-in/providers/fetch-jwks.ts';
import { cachedKeySets } from '../../shared/sign-in/providers/key-sets.ts';
import { answerCall } from './answer-call.ts';
import { ENVIRONMENT } from './function.ts';
import { within } from './time-budget.ts';

const environment = readEnvironment(ENVIRONMENT);
const service = composeForLogin(environment);
/** The folder of secrets, which only the local stack sets. Then keys may also be fetched from this machine. */
const { LOCAL_SECRETS: folder } = process.env;
const readSecret = storedSecrets({
  prefix: environment.SECRETS_PREFIX,
  call: composeCalls(environment, service.clock).call,
  folder,
});
const deps = {
  ...service,
  measure: embeddedMetrics(environment.METRICS_NAMESPACE, service.clock),
  within,
  hooks: configuredHooks(service.table, readSecret, service.clock),
  noteCall: noteCallOn(service),
  keySets: cachedKeySets(folder === undefined ? fetchJwks : fetchJwksAlsoHere),
  cardHints: new Map(),
  vacancyHints: new Map(),
};

export const handler = (event: unknown) => answerCall(deps, event);
