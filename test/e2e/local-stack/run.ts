import { join } from 'node:path';
import { startLocalStack } from '../../../infra/local/local-stack.ts';

/** The sample stack in a process of its own, to be killed: `node run.ts <dir>`. Says `ready` when it is. */
const { stop } = await startLocalStack({
  dir: process.argv[2] ?? '',
  port: 0,
  app: join(import.meta.dirname, 'app.ts'),
});
process.once('SIGTERM', () => void stop().then(() => process.exit(0)));
process.stdout.write('ready\n');
