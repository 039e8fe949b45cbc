import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import aws4 from 'aws4';
import * as z from 'zod/mini';

/** Calls an operation of a service that speaks AWS's JSON protocol, with the operator's own credentials. */
export type AwsCall = (service: 'streams' | 'sqs', operation: string, input: object) => Promise<unknown>;

const SERVICES = {
  streams: { signedAs: 'dynamodb', host: 'streams.dynamodb', target: 'DynamoDBStreams_20120810' },
  sqs: { signedAs: 'sqs', host: 'sqs', target: 'AmazonSQS' },
} as const;

const fault = z.object({ __type: z.string() });

/** A service refused a call. `code` is its name for the reason. */
export class AwsRefusal extends Error {
  override readonly name = 'AwsRefusal';
  readonly code: string;

  constructor(operation: string, code: string) {
    super(`${operation} was refused: ${code}`);
    this.code = code;
  }
}

/**
 * Returns a function that signs and makes calls. Two operations do not need an SDK client each. The region, the
 * credentials and the domain of the region come from the client of DynamoDB, so profiles work as everywhere.
 * `endpoints` replaces the addresses of AWS.
 */
export function awsCall(
  client: DynamoDBClient,
  endpoints: { readonly streams?: string | undefined; readonly sqs?: string | undefined } = {},
  send: (request: Request) => Promise<Response> = fetch,
): AwsCall {
  return async (service, operation, input) => {
    const { signedAs, host, target } = SERVICES[service];
    const region = await client.config.region();
    const address = endpoints[service] ?? `https://${host}.${region}.${await domainOf(region)}`;
    const url = new URL(address);
    const body = JSON.stringify(input);
    const headers = { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': `${target}.${operation}` };
    const request = { service: signedAs, region, host: url.host, method: 'POST', path: '/', body, headers };
    const { headers: signed = {} } = aws4.sign(request, await client.config.credentials());
    const toSend = Object.entries(signed).flatMap(([name, value]): [string, string][] =>
      /^(host|content-length)$/i.test(name) ? [] : [[name, String(value)]],
    );
    const response = await send(new Request(url, { method: 'POST', headers: toSend, body }));
    const text = await response.text();
    if (response.ok) return text === '' ? {} : JSON.parse(text);
    const code = fault.safeParse(parsed(text)).data?.__type.split('#').at(-1) ?? `status ${response.status}`;
    throw new AwsRefusal(operation, code);
  };
}

/** Returns the domain of a region's endpoints, such as `amazonaws.com.cn`. */
async function domainOf(region: string): Promise<string> {
  const plain = new DynamoDBClient({ region });
  const { hostname } = plain.config.endpointProvider({ Region: region }).url;
  return hostname.replace(`dynamodb.${region}.`, '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
