import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `endpoints.json` in the state folder: the addresses and names of the services. */
export type Endpoints = {
  readonly api: string;
  /** Where people sign in with a browser. */
  readonly console: string;
  readonly s3: string;
  readonly dynamodb: string;
  readonly lambda: string;
  readonly stepfunctions: string;
  readonly eventbridge: string;
  readonly control: string;
  /** The OpenID provider that issues the administrators' tokens. */
  readonly issuer: string;
  readonly region: string;
  readonly bucket: string;
  readonly table: string;
  readonly functions: Readonly<Record<string, string>>;
  readonly stateMachines: Readonly<Record<string, string>>;
  readonly tenants: readonly string[];
};

const file = (dir: string) => join(dir, 'endpoints.json');

/** Writes the file in one step, so that a reader who sees it sees a stack that is ready. */
export function writeEndpoints(dir: string, endpoints: Endpoints): void {
  const draft = `${file(dir)}.draft`;
  writeFileSync(draft, `${JSON.stringify(endpoints, null, 2)}\n`);
  renameSync(draft, file(dir));
}

/** Returns the addresses of the stack that runs on a state folder. Throws if no stack runs. */
export function readEndpoints(dir: string): Endpoints {
  if (!existsSync(file(dir))) {
    throw new Error(`No local stack runs on ${dir}. Start it with npm start; LOCAL_DIR names another state folder.`);
  }
  const endpoints: Endpoints = JSON.parse(readFileSync(file(dir), 'utf8'));
  return endpoints;
}

export function removeEndpoints(dir: string): void {
  rmSync(file(dir), { force: true });
}
