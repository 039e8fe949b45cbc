import { constants } from 'node:zlib';
import middy from '@middy/core';
import httpContentEncoding from '@middy/http-content-encoding';
import httpContentNegotiation from '@middy/http-content-negotiation';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { AdministerRequest } from '../../shared/administration/administer-request.ts';
import { executeCommand } from '../../shared/administration/execute-command.ts';
import { composeAdministration } from '../../shared/compose/compose-administration.ts';
import type { Role } from '../../shared/licensing/vocabulary.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { keysByDiscovery } from '../../shared/sign-in/providers/access-token.ts';
import { fetchJwksWithin } from '../../shared/sign-in/providers/fetch-jwks.ts';
import { cachedKeySets } from '../../shared/sign-in/providers/key-sets.ts';
import { LONGEST_CALL } from './answer-once.ts';
import { answerRequest } from './answer-request.ts';
import { callRate } from './call-rate.ts';
import { ENVIRONMENT } from './function.ts';
import { identifyByToken } from './identify.ts';

// Only the local stack sets this. Its issuer runs on the same machine.
const { LOCAL_SECRETS: local } = process.env;
const environment = readEnvironment(ENVIRONMENT);
const administration = composeAdministration(environment, LONGEST_CALL);
const identify = identifyByToken(
  {
    clock: administration.clock,
    keySets: cachedKeySets(keysByDiscovery(fetchJwksWithin(5_000, { alsoHere: local !== undefined }))),
  },
  {
    issuer: environment.ISSUER,
    audience: environment.AUDIENCE,
    tenantClaim: environment.TENANT_CLAIM,
    roleClaim: environment.ROLE_CLAIM,
  },
);
const deps = {
  ...administration,
  identify,
  callRate: callRate(administration.clock),
  administer: (request: AdministerRequest, role: Role) => executeCommand(administration, request, role),
};

/**
 * The best quality of Brotli takes seconds for an answer of some megabytes, and this one takes tens of milliseconds.
 */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

export const handler = middy((event: APIGatewayProxyEventV2) => answerRequest(deps, event))
  .use(
    httpContentNegotiation({
      parseCharsets: false,
      parseLanguages: false,
      parseMediaTypes: false,
      availableEncodings: ['br', 'gzip'],
      failOnMismatch: false,
    }),
  )
  .use(httpContentEncoding({ br: BROTLI }));
