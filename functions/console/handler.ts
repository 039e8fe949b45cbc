import { join } from 'node:path';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { answerPage } from './answer-page.ts';
import { builtFiles } from './built-files.ts';
import { ENVIRONMENT } from './function.ts';

const environment = readEnvironment(ENVIRONMENT);
// Only the local stack sets the address of S3.
const { AWS_ENDPOINT_URL_S3: localS3, AWS_REGION: region } = process.env;
const bucketOrigin = localS3 ?? `https://${environment.BUCKET_NAME}.s3.${region}.amazonaws.com`;
const files = builtFiles(join(import.meta.dirname, 'files'));
const settings = {
  issuer: environment.ISSUER,
  providerOrigins: environment.CONSOLE_PROVIDER_ORIGINS.split(' '),
  clientId: environment.CONSOLE_CLIENT_ID,
  scopes: environment.CONSOLE_SCOPES,
  bucketOrigin,
};

export const handler = async (event: APIGatewayProxyEventV2) => answerPage({ files, settings }, event);
