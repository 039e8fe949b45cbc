import { rmSync } from 'node:fs';
import type { Browser, Locator } from 'playwright-core';
import type { LocalClient } from '../../../infra/local/client.ts';
import { connect } from '../../../infra/local/client.ts';
import { startLocalStack } from '../../../infra/local/local-stack.ts';
import { seedInto } from '../../../infra/local/seed.ts';
import { emptyDir, firstOfFreePorts } from '../license-service/killable-stack.ts';
import { type Look, type Person, startBrowser, type Visit, visit } from './browser.ts';

export type ConsoleStack = {
  /** The stack beside the browser: move its clock, invoke a function, read a report. */
  readonly client: LocalClient;
  /** The address of the API, and so of the console. */
  readonly origin: string;
  /** The folder of the sample files: `samples/licenses-2027.zip`. */
  readonly dir: string;
  /** Opens the console in a window of its own, and signs a person in. */
  readonly visit: (person: Person, look?: Look, press?: (button: Locator) => Promise<void>) => Promise<Visit>;
  readonly browser: Browser;
  /** Stops the stack, and returns what starts it again on its state and its ports. It needs `canRestart`. */
  readonly halt: () => Promise<() => Promise<void>>;
  readonly stop: () => Promise<void>;
};

/** A local stack with the sample tenant, and a browser. One of each serves all tests of a file. */
export async function consoleStack({ canRestart = false } = {}): Promise<ConsoleStack> {
  const dir = emptyDir();
  const port = canRestart ? await firstOfFreePorts(8) : 0;
  const [first, browser] = await Promise.all([
    startLocalStack({ dir, port, fresh: true, seed: seedInto(dir) }),
    startBrowser(),
  ]);
  let stack = first;
  const { endpoints } = stack;
  const client = connect(endpoints);
  return {
    client,
    origin: new URL(endpoints.api).origin,
    dir,
    browser,
    visit: (person, look, press) => visit(browser, endpoints, person, look, press),
    async halt() {
      await stack.stop();
      return async () => {
        stack = await startLocalStack({ dir, port });
      };
    },
    async stop() {
      await browser.close();
      client.close();
      await stack.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
