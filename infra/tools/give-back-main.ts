import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { awsCall } from './aws-call.ts';
import { giveBack, giveBackQueue } from './give-back.ts';

const USAGE = `Gives failed messages back to their functions.

npm run -s give-back -- MESSAGE.json [--function NAME]   the body of one message
npm run -s give-back -- --queue URL [--function NAME]    every message of a queue; a message that succeeds is deleted`;

const lambda = new LambdaClient();

async function invoke(functionName: string, payload: unknown): Promise<unknown> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payload) }),
  );
  const answer: unknown = JSON.parse(Payload?.transformToString() || 'null');
  if (FunctionError !== undefined) throw new Error(`${functionName} failed again: ${JSON.stringify(answer)}`);
  return answer;
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { queue: { type: 'string' }, function: { type: 'string' } },
  });
  const { AWS_ENDPOINT_URL_DYNAMODB_STREAMS: streams, AWS_ENDPOINT_URL_SQS: sqs } = process.env;
  const deps = { call: awsCall(new DynamoDBClient(), { streams, sqs }), invoke };
  const [file, ...others] = positionals;
  if ((file === undefined) === (values.queue === undefined) || others.length > 0) throw new Error(USAGE);
  if (file !== undefined) console.log(await giveBack(deps, readFileSync(file, 'utf8'), values.function));
  if (values.queue !== undefined) {
    await giveBackQueue(deps, values.queue, { functionName: values.function, print: (line) => console.log(line) });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
