import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import type * as z from 'zod/mini';
import { dynamoDbTable } from '../../shared/aws/dynamodb-table.ts';
import { decoded } from '../../shared/runtime/decoding.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { log } from '../../shared/runtime/log.ts';
import { systemSources } from '../../shared/runtime/sources.ts';
import { cachedTenants, readTenant } from '../../shared/store/read-tenant.ts';
import { answerEndSession, endSessionRequest } from './answer-end-session.ts';
import { ENVIRONMENT } from './env.ts';

const { TABLE_NAME } = readEnvironment(ENVIRONMENT);
const sources = systemSources();
const table = dynamoDbTable(new DynamoDBClient(), TABLE_NAME, sources.clock.pause);
const deps = { ...sources, table, log, readTenant: cachedTenants(readTenant(table), sources.clock) };

export const handler = middy((event: z.infer<typeof endSessionRequest>) => answerEndSession(deps, event)).use(
  decoded(endSessionRequest),
);
