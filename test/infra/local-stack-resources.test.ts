import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { bucketNotificationsIn, functionsIn, stateMachinesIn } from '../../infra/local/resources.ts';
import { readDefinition } from '../../infra/local/state-machine.ts';
import { synthesize } from '../../infra/local/synthesize.ts';
import { readTemplate, type Template } from '../../infra/local/template.ts';

let assembly: string;
let template: Template;
beforeAll(async () => {
  assembly = await synthesize();
  template = readTemplate(assembly);
});

test('the local stack runs every function of the stack, under the name of its folder', () => {
  const folders = readdirSync(join(import.meta.dirname, '../../functions'), { withFileTypes: true });
  const functions = functionsIn(template, assembly);
  expect(functions.map(({ name }) => name).toSorted()).toEqual(
    folders.filter((folder) => folder.isDirectory()).map(({ name }) => name),
  );
  for (const { bundle } of functions) {
    expect(existsSync(bundle)).toBe(true);
  }
});

test('functions get the deployed names of the table and the bucket', () => {
  const login = functionsIn(template, assembly).find(({ name }) => name === 'login');
  const [[table] = ['']] = template.ofType('AWS::DynamoDB::GlobalTable');
  expect(login?.environment).toMatchObject({ TABLE_NAME: template.physicalName(table) });
});

test('uploads reach the import', () => {
  const [notification] = bucketNotificationsIn(template);
  const imports = functionsIn(template, assembly).find(({ name }) => name === 'import-licenses');
  expect(notification).toEqual({
    bucket: 'licenseservice-000000000000-eu-north-1',
    functionArn: imports?.arn,
    prefix: 'tenants/',
    suffix: '',
  });
});

test('the renewal runs on the local stack as it is deployed', () => {
  const [renewal] = stateMachinesIn(template);
  expect(renewal).toMatchObject({
    name: 'renewal',
    arn: 'arn:aws:states:eu-north-1:000000000000:stateMachine:LicenseService-renewal',
  });
  expect(() => readDefinition(renewal?.definition ?? '')).not.toThrow();
});
