import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});
const TableName = process.env.SEEN_TABLE;

/** Keeps each event that it gets, then fails the first n times when the text of the event says `fails-<n>`. */
export const handler = async (event, context) => {
  const text = JSON.stringify(event);
  const subject = /subject-[a-z0-9-]+/.exec(text)?.[0] ?? 'none';
  const { Items } = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'subject = :subject',
      ExpressionAttributeValues: { ':subject': { S: subject } },
      ConsistentRead: true,
    }),
  );
  await client.send(
    new PutItemCommand({
      TableName,
      Item: {
        subject: { S: subject },
        id: { S: `${String(Items.length).padStart(5, '0')} ${context.awsRequestId}` },
        event: { S: text },
        at: { S: new Date().toISOString() },
      },
    }),
  );
  if (Items.length < Number(/fails-(\d+)/.exec(text)?.[1] ?? 0)) {
    throw new Error(`Asked to fail, time ${Items.length + 1}`);
  }
  if (text.includes('slowly')) {
    // Until it is killed, at the first time.
    await new Promise((resolve) => Items.length > 0 && resolve());
  }
  return { subject, seen: Items.length + 1 };
};
