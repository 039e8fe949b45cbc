import type { SignedService } from './signed-calls.ts';

/**
 * Returns the address of a service in a region, for calls that are signed here. `urlSuffix` is the domain of the
 * region's partition (`amazonaws.com`, `amazonaws.eu`), which CloudFormation knows.
 */
export function endpointOf(service: 'dynamodb' | SignedService, urlSuffix: string, region: string): string {
  return `https://${service}.${region}.${urlSuffix}`;
}
