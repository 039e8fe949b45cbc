import { readEnvironment } from '../platform/environment.ts';
import type { SignedService } from './signed-calls.ts';

/**
 * Returns the address of a service in the function's region, for calls that are signed here. `urlSuffix` is the domain
 * of the region's partition (`amazonaws.com`, `amazonaws.eu`), which CloudFormation knows.
 */
export function endpointOf(
  service: 'dynamodb' | SignedService,
  urlSuffix: string,
  region = regionOfFunction(),
): string {
  return `https://${service}.${region}.${urlSuffix}`;
}

function regionOfFunction(): string {
  return readEnvironment(['AWS_REGION']).AWS_REGION;
}
