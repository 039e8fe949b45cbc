import { signedDynamoDb } from '../aws/signed-dynamodb.ts';
import { lambdaCredentials } from '../platform/lambda-credentials.ts';
import { composeOn } from './compose-on.ts';

/** How many ms one try may take: three of them end before a caller's ten seconds do, so that it hears of it. */
const ANSWERED_WITHIN = 2_000;

/** What the functions are composed of that somebody waits for: a table whose calls cost a third of the SDK's. */
export function composeForLogin({ TABLE_NAME }: { readonly TABLE_NAME: string }) {
  const { AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL } = process.env;
  const place = { ...lambdaCredentials(), endpoint: AWS_ENDPOINT_URL_DYNAMODB ?? AWS_ENDPOINT_URL };
  return composeOn((runtime) => signedDynamoDb({ ...place, answeredWithin: ANSWERED_WITHIN, ...runtime }), TABLE_NAME);
}
