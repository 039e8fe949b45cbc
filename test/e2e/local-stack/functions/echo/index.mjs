import { threadId } from 'node:worker_threads';

let served = 0;

/** Does what the event asks for, and answers what it saw. */
export const handler = async (event, context) => {
  served += 1;
  if (event.sleepMs) {
    await new Promise((resolve) => setTimeout(resolve, event.sleepMs));
  }
  if (event.meetAt) {
    await fetch(event.meetAt);
  }
  if (event.exit) {
    process.exit(1);
  }
  if (event.fail) {
    throw Object.assign(new Error(event.fail), { name: event.fail });
  }
  const { GREETING, SEEN_TABLE, AWS_REGION, HOME } = process.env;
  return {
    ...event,
    now: new Date().toISOString(),
    knowsDates: new Date(0) instanceof Date && Date.UTC(1970, 0, 2) === 86_400_000,
    environment: { GREETING, SEEN_TABLE, AWS_REGION, HOME },
    remaining: context.getRemainingTimeInMillis(),
    name: context.functionName,
    worker: threadId,
    served,
  };
};
