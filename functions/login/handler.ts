import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import { dynamoDbTable } from '../../shared/aws/dynamodb-table.ts';
import { decoded } from '../../shared/runtime/decoding.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { log } from '../../shared/runtime/log.ts';
import { systemSources } from '../../shared/runtime/sources.ts';
import { cachedTenants, readTenant } from '../../shared/store/read-tenant.ts';
import { answerLogin } from './answer-login.ts';
import { ENVIRONMENT } from './env.ts';
import { type LoginEvent, loginRequest } from './login-request.ts';

const { TABLE_NAME } = readEnvironment(ENVIRONMENT);
const sources = systemSources();
const table = dynamoDbTable(new DynamoDBClient(), TABLE_NAME, sources.clock.pause);
const deps = {
  ...sources,
  table,
  log,
  readTenant: cachedTenants(readTenant(table), sources.clock),
  cardHints: new Map(),
  vacancyHints: new Set<string>(),
};

export const handler = middy((event: LoginEvent) => answerLogin(deps, event)).use(decoded(loginRequest));
