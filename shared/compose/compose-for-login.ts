import { endpointOf } from '../aws/endpoint.ts';
import { signedDynamoDb } from '../aws/signed-dynamodb.ts';
import { lambdaCredentials } from '../platform/lambda-credentials.ts';
import { composeOn } from './compose-on.ts';

/**
 * How long one try may take, in milliseconds. Three tries end within the caller's ten seconds, so the caller gets an
 * answer.
 */
const ANSWERED_WITHIN = 2_000;

type LoginEnvironment = { readonly TABLE_NAME: string; readonly URL_SUFFIX: string };

/**
 * Composes the functions for which a user waits at login. A call of their table takes a third of the processor time of
 * the SDK's.
 */
export function composeForLogin({ TABLE_NAME, URL_SUFFIX }: LoginEnvironment) {
  const { AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL } = process.env;
  const local = AWS_ENDPOINT_URL_DYNAMODB ?? AWS_ENDPOINT_URL;
  const signer = lambdaCredentials();
  const place = { ...signer, endpoint: local ?? endpointOf('dynamodb', URL_SUFFIX, signer.region) };
  return composeOn((runtime) => signedDynamoDb({ ...place, answeredWithin: ANSWERED_WITHIN, ...runtime }), TABLE_NAME);
}
