import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { describe, expect, it } from 'vitest';
import { endpointOf } from '../../shared/aws/endpoint.ts';

describe('the endpoint of a service', () => {
  it('is in every region the one of the SDK’s own rules, with the URL suffix that CloudFormation gives', () => {
    const regions = RegionInfo.regions.map(({ name, domainSuffix = '' }) => ({ name, domainSuffix }));
    const ofSdk = ({ name }: { readonly name: string }) =>
      new DynamoDBClient({ region: name }).config.endpointProvider({ Region: name }).url.origin;

    expect(regions.length).toBeGreaterThan(40);
    expect(new Set(regions.map(({ domainSuffix }) => domainSuffix)).size).toBeGreaterThan(4);
    expect(regions.map(({ name, domainSuffix }) => endpointOf('dynamodb', domainSuffix, name))).toEqual(
      regions.map(ofSdk),
    );
  });
});
