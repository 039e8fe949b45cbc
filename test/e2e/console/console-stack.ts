import { rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import type { LocalClient } from '../../../infra/local/client.ts';
import { connect } from '../../../infra/local/client.ts';
import { startLocalStack } from '../../../infra/local/local-stack.ts';
import { seedInto } from '../../../infra/local/seed.ts';
import { emptyDir } from '../license-service/killable-stack.ts';
import { type Look, type Person, startBrowser, type Visit, visit } from './browser.ts';

export type ConsoleStack = {
  /** The stack beside the browser: move its clock, invoke a function, read a report. */
  readonly client: LocalClient;
  /** The address of the API, and so of the console. */
  readonly origin: string;
  /** The folder of the sample files: `samples/licenses-2027.zip`. */
  readonly dir: string;
  /** Opens the console in a window of its own, and signs a person in. */
  readonly visit: (person: Person, look?: Look) => Promise<Visit>;
  readonly browser: Browser;
  readonly stop: () => Promise<void>;
};

/** A local stack with the sample tenant, and a browser. One of each serves all tests of a file. */
export async function consoleStack(): Promise<ConsoleStack> {
  const dir = emptyDir();
  const [stack, browser] = await Promise.all([
    startLocalStack({ dir, port: 0, fresh: true, seed: seedInto(dir) }),
    startBrowser(),
  ]);
  const { endpoints } = stack;
  const client = connect(endpoints);
  return {
    client,
    origin: new URL(endpoints.api).origin,
    dir,
    browser,
    visit: (person, look) => visit(browser, endpoints, person, look),
    async stop() {
      await browser.close();
      client.close();
      await stack.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
