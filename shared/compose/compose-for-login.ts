import { signedDynamoDb } from '../aws/signed-dynamodb.ts';
import { lambdaCredentials } from '../platform/lambda-credentials.ts';
import { composeOn } from './compose-on.ts';

/**
 * How long one try may take, in milliseconds. Three tries end within the caller's ten seconds, so the caller gets an
 * answer.
 */
const ANSWERED_WITHIN = 2_000;

/**
 * Composes the functions for which a user waits at login. A call of their table takes a third of the processor time of
 * the SDK's.
 */
export function composeForLogin({ TABLE_NAME }: { readonly TABLE_NAME: string }) {
  const { AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL } = process.env;
  const place = { ...lambdaCredentials(), endpoint: AWS_ENDPOINT_URL_DYNAMODB ?? AWS_ENDPOINT_URL };
  return composeOn((runtime) => signedDynamoDb({ ...place, answeredWithin: ANSWERED_WITHIN, ...runtime }), TABLE_NAME);
}
