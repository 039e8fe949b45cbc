import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROUTES } from '../../../functions/admin-api/routes.ts';

const APP = join(import.meta.dirname, '../../../functions/console/app');

const MANY = 'The console makes this change by `POST …/license-changes`, which takes one license or many.';

/** Routes that no page of the console calls, with the reason. */
const NOT_FOR_THE_CONSOLE: Readonly<Record<string, string>> = {
  'GET /tenants/{tenant}/hooks/{provider}': 'The page reads all hooks in one list.',
  'POST /tenants/{tenant}/licenses/{serialNumber}/assign': MANY,
  'POST /tenants/{tenant}/licenses/{serialNumber}/release': MANY,
  'POST /tenants/{tenant}/licenses/{serialNumber}/move': MANY,
  'DELETE /tenants/{tenant}/licenses/{serialNumber}': MANY,
  'POST /tenants/{tenant}/licenses/{serialNumber}/restore': MANY,
  'POST /tenants/{tenant}/license-assignments':
    'It chooses licenses for a list of users, which comes from another system. In the console a person chooses.',
  'POST /tenants/{tenant}/folders/{folder}/merge':
    'A reorganization is done by scripts. In the console a person moves the licenses and the users, and deletes the folder.',
  'GET /tenants/{tenant}/user-cards/{user}/explanation':
    'The page Why asks `POST …/explanations`, which also answers for other needs and folders.',
  'GET /tenants/{tenant}/uploads/{name}/report':
    'It finds a report by the name of a file, for scripts. The page reads the reports of the list of imports.',
  'GET /tenants/{tenant}/commands':
    'The history shows what changed, with the actor. This list also has changes of settings, for an audit by script.',
};

/** The calls in the code of the console. A part that the code computes, `${…}`, matches any word. */
const calls = readdirSync(APP, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('described'))
  .flatMap((name) => [
    ...readFileSync(join(APP, name), 'utf8').matchAll(/\bapi\.(GET|POST|PUT|PATCH|DELETE)\(\s*(['`])([^'`]+)\2/g),
  ])
  .map(([, method, , path = '']) => {
    const words = path.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(/[{}]/g, '\\$&'));
    return new RegExp(`^${method} ${words.join('[a-z-]+')}$`);
  });
const isCalled = (route: string) => calls.some((call) => call.test(route));
const routes = ROUTES.map(({ method, path }) => `${method} ${path}`);

test('every route of the API is called by the console, or has a reason why not', () => {
  expect(routes.filter((route) => !isCalled(route) && !(route in NOT_FOR_THE_CONSOLE))).toEqual([]);
});

test('the reasons are for routes that exist and that the console does not call', () => {
  expect(Object.keys(NOT_FOR_THE_CONSOLE).filter((route) => !routes.includes(route) || isCalled(route))).toEqual([]);
});

test('the console calls no route that is not there', () => {
  expect(calls.filter((call) => !routes.some((route) => call.test(route)))).toEqual([]);
});
