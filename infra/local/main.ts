import { randomInt } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { open as openInspector } from 'node:inspector';
import { join } from 'node:path';
import { StartError } from './http.ts';
import { type LocalStack, startLocalStack } from './local-stack.ts';
import { seedInto } from './seed.ts';

// Lambda runs in UTC. The machine may have another time zone.
process.env['TZ'] = 'UTC';
const dir = process.env['LOCAL_DIR'] ?? '.local';
const port = Number(process.env['LOCAL_PORT'] ?? 4560);
const messageSeed = Number(process.env['LOCAL_SEED'] ?? randomInt(1_000_000));
const began = performance.now();
const MOST_STOPPING_MS = 10_000;
const LAUNCHER_CHECK_MS = 500;
const DEBUGGER_PORT = 9229;

let stop = async () => {};
let stopping = false;
const shutDown = () => {
  // Ctrl-C arrives twice under npm: from the terminal and from npm.
  if (!stopping) {
    stopping = true;
    setTimeout(() => process.exit(1), MOST_STOPPING_MS).unref();
    void stop().then(() => process.exit(0));
  }
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, shutDown);
if (process.env['npm_lifecycle_event'] === 'start') {
  // npm starts this process through a shell, which dies of a signal without passing it on.
  const launcher = process.ppid;
  setInterval(() => process.ppid === launcher || shutDown(), LAUNCHER_CHECK_MS).unref();
}

if (process.argv.includes('--inspect')) openInspector(DEBUGGER_PORT, '127.0.0.1');

console.log('Starting. When the sources are new, all functions are bundled first, which can take a minute.');
try {
  const fresh = process.argv.includes('--fresh');
  const stack = await startLocalStack({ dir, port, fresh, seed: seedInto(dir), messageSeed });
  stop = stack.stop;
  console.log(summary(stack));
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
}

function summary({ endpoints, seeded }: LocalStack): string {
  const { lambda, s3, stepfunctions, dynamodb, control, api, console: page, bucket, tenants, functions } = endpoints;
  const [tenant = 'acme'] = tenants;
  const samples = join(dir, 'samples');
  const file = existsSync(samples) ? join(samples, readdirSync(samples).toSorted().at(-1) ?? '') : 'licenses.zip';
  return `
The license service is up (${((performance.now() - began) / 1000).toFixed(1)} s). State: ${dir}; Ctrl-C stops it, the state stays; --fresh empties it.

  console ${page}   (open it in a browser)

  s3 ${s3}   dynamodb ${dynamodb}   lambda ${lambda}
  stepfunctions ${stepfunctions}   control ${control}   api ${api}
  tenants ${tenants.join(', ')}${seeded ? ' (made just now, with sample folders, users and licenses)' : ''}   bucket ${bucket}

Next, in another terminal (any credentials will do):

  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=${endpoints.region}
  aws s3 cp ${file} s3://${bucket}/tenants/${tenant}/uploads/ --endpoint-url ${s3}
  echo '{"tenant":"${tenant}","user":"ada"}' | aws lambda invoke --endpoint-url ${lambda} \\
    --function-name ${functions['login']} --payload fileb:///dev/stdin /dev/stdout
  curl -H "Authorization: Bearer $(npm run -s token -- --tenant ${tenant} --role viewer)" ${api}/tenants/${tenant}/licenses
  curl -X POST ${control}/clock -d '{"advance":"P1D"}'

Messages of queues come in random order, and some come twice, as on AWS. LOCAL_SEED=${messageSeed} repeats this order.
All addresses and names: ${join(dir, 'endpoints.json')}; what the functions log: ${join(dir, 'logs')}/
`;
}
