import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import { dynamoDbTable } from '../../shared/aws/dynamodb-table.ts';
import { readEnvironment } from '../../shared/runtime/environment.ts';
import { log } from '../../shared/runtime/log.ts';
import { systemSources } from '../../shared/runtime/sources.ts';
import { endIdleSessions } from '../../shared/sessions/end-idle-sessions.ts';
import { cachedTenants, readTenant } from '../../shared/store/read-tenant.ts';
import { ENVIRONMENT } from './env.ts';

const { TABLE_NAME } = readEnvironment(ENVIRONMENT);
const sources = systemSources();
const table = dynamoDbTable(new DynamoDBClient(), TABLE_NAME, sources.clock.pause);
const deps = { ...sources, table, readTenant: cachedTenants(readTenant(table), sources.clock) };

export const handler = middy(async () => log('idle-sessions-ended', await endIdleSessions(deps)));
