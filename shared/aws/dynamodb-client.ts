import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/** How long one try of a call may take to connect, and until its answer is there. With the client's three tries, no call hangs. */
const CONNECTED_WITHIN = 1_000;
const ANSWERED_WITHIN = 5_000;

/**
 * The SDK's client as the service uses it: a call that is not answered fails instead of hanging (F36), and nothing is
 * done for a logger that is not there, which is a tenth of a call's processor time: it copies all that was sent and received.
 */
export function dynamoDbClient(
  answeredWithin = ANSWERED_WITHIN,
  config: Pick<DynamoDBClientConfig, 'endpoint' | 'region' | 'credentials'> = {},
): DynamoDBClient {
  const client = new DynamoDBClient({
    ...config,
    cacheMiddleware: true,
    requestHandler: {
      connectionTimeout: CONNECTED_WITHIN,
      requestTimeout: answeredWithin,
      throwOnRequestTimeout: true,
    },
  });
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
